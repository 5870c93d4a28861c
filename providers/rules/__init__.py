"""What this room judges by: pure functions over plain values. No database, no clock, no request (DESIGN 2).

vetting   completeness, verdicts and the approve rule of a dossier, measures against a provider (DESIGN 4.4)
checks    what a machine can see of a dossier, and what it cannot (DESIGN 4.4)
saw       what each of those checks says, in words
gain      productivity gain of one answer (DESIGN 4.5)
rulesets  the numbers of the preferred rule, by version
evidence  which answers count, per business
bounds    how sure a handful of answers makes anybody (RELIABILITY d)
preferred the preferred rule and its profiles (DESIGN 4.6)
standing  what a run of the rule leads to: prefer, warn, restore, drop
"""
