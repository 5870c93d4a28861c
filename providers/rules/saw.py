"""What each machine check of vetting says, by check and outcome. The figures it looked at fill the holes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

SAW: Mapping[tuple[str, str], Any] = {
    ("kvk_form", "pass"): _("KvK number %(kvk)s has the right form."),
    ("kvk_form", "fail"): _("KvK number “%(kvk)s” does not have 8 digits."),
    ("kvk_elsewhere", "pass"): _("Nobody else registered a business with this KvK number here."),
    ("kvk_elsewhere", "unknown"): _(
        "Somebody else registered a business with this KvK number here: %(names)s. Look who may speak for it."
    ),
    ("kvk_form", "unknown"): _("The business is in a register in %(country)s. Look it up there."),
    ("kvk_unique", "pass"): _("No other provider uses this KvK number."),
    ("kvk_unique", "fail"): _("Another provider uses this KvK number too."),
    ("kvk_unique", "unknown"): _(
        "Without a KvK number the machine cannot see whether the business is registered twice."
    ),
    ("vat_id", "pass"): _("VAT id %(vat_id)s has valid check digits."),
    ("vat_id", "fail"): _("VAT id “%(vat_id)s” is not valid."),
    ("vat_id", "unknown"): _("No VAT id was given."),
    ("trading_time", "pass"): _("Active since %(since)s: %(months)s months."),
    ("trading_time", "fail"): _("Active since %(since)s: %(months)s months. Younger than %(needed)s months: on trial."),
    ("trading_time", "unknown"): _("The starting date is not known."),
    ("website_form", "pass"): _("%(url)s is a secure web address."),
    ("website_form", "fail"): _("“%(url)s” is not a secure web address (https)."),
    ("website_form", "unknown"): _("No web address was given."),
    ("website_opens", "unknown"): _("The machine does not open the address. Open it and look for the solution."),
    ("positive_equity", "pass"): _("Assets %(assets)s − liabilities %(liabilities)s = %(equity)s: more than zero."),
    ("positive_equity", "fail"): _("Assets %(assets)s − liabilities %(liabilities)s = %(equity)s: not more than zero."),
    ("positive_equity", "unknown"): _("Total assets and total liabilities were not both given."),
    ("current_ratio", "pass"): _("Current assets %(assets)s cover current liabilities %(liabilities)s."),
    ("current_ratio", "fail"): _("Current assets %(assets)s do not cover current liabilities %(liabilities)s."),
    ("current_ratio", "unknown"): _("Current assets and current liabilities were not both given."),
    ("register_checked", "pass"): _("Checked on %(on)s, at most %(days)s days ago."),
    ("register_checked", "fail"): _("The check of %(on)s is in the future or more than %(days)s days old."),
    ("register_checked", "unknown"): _("No date of the check was given."),
    ("statement_age", "pass"): _("Issued on %(on)s, at most %(months)s months ago."),
    ("statement_age", "fail"): _("The date %(on)s is in the future or more than %(months)s months ago."),
    ("statement_age", "unknown"): _("No date was given."),
    ("iban_form", "pass"): _("IBAN ending in %(tail)s has valid check digits."),
    ("iban_form", "fail"): _("The IBAN is not valid."),
    ("iban_form", "unknown"): _("No IBAN was given."),
    ("holder_matches", "pass"): _("The account is in the name of the business."),
    ("holder_matches", "fail"): _("The account is in the name of “%(holder)s”, the business is “%(legal_name)s”."),
    ("holder_matches", "unknown"): _("The name on the account was not given."),
    ("insured_until", "pass"): _("Insured until %(until)s."),
    ("insured_until", "fail"): _("The insurance ended on %(until)s."),
    ("insured_until", "unknown"): _("The end date of the insurance was not given."),
    ("insured_sum", "pass"): _("Insured for %(sum)s; at least %(minimum)s is asked."),
    ("insured_sum", "fail"): _("Insured for %(sum)s; at least %(minimum)s is asked."),
    ("insured_sum", "unknown"): _("The insured sum was not given."),
    ("no_linked_official", "pass"): _("Nobody of the business is an assessor or decider here."),
    ("no_linked_official", "fail"): _("People of the business who are also an assessor or decider here: %(count)s."),
    ("own_sanctions", "pass"): _("No suspension or removal under this KvK number here."),
    ("own_sanctions", "fail"): _("Suspensions or removals under this KvK number here: %(count)s."),
    ("own_sanctions", "unknown"): _("Without a KvK number the machine cannot look for an earlier suspension here."),
    ("code_version", "pass"): _("Agreed to version %(version)s of the code of conduct."),
    ("code_version", "fail"): _("The current version is %(version)s. There is no agreement to that version."),
    ("certificate_until", "pass"): _("The certificate is valid until %(until)s."),
    ("certificate_until", "fail"): _("The certificate ended on %(until)s."),
    ("certificate_until", "unknown"): _("No certificate date was given: this is an own assessment, read it."),
    ("packages_priced", "pass"): _("Packages with a price: %(count)s."),
    ("packages_priced", "fail"): _("There is no package, or a package has no price."),
    ("packages_priced", "unknown"): _("The packages could not be read."),
    ("three_year_cost", "pass"): _("Cost over three years computed: from %(lowest)s to %(highest)s."),
    ("three_year_cost", "fail"): _("The cost over three years cannot be computed for every package."),
    ("three_year_cost", "unknown"): _("The packages could not be read."),
    ("references", "pass"): _("Reference customers that answered: %(count)s."),
    ("references", "fail"): _(
        "Reference customers that answered: %(count)s; at least %(least)s are needed to be listed on trial."
    ),
    ("references", "unknown"): _("The reference customers could not be counted."),
    ("references_full", "pass"): _("Enough reference customers for a full listing (%(full)s)."),
    ("references_full", "fail"): _("Fewer than %(full)s reference customers: the solution is listed on trial."),
    ("reference_sectors", "pass"): _("Reference customers in the sectors of the solution: %(seen)s."),
    ("reference_sectors", "fail"): _(
        "Reference customers in the sectors of the solution: %(seen)s; at least %(needed)s are needed."
    ),
    ("reference_sectors", "unknown"): _(
        "The sector of %(unknown)s reference customers is not known. Look whether it is one the solution is made for."
    ),
    ("reference_generic", "pass"): _("The reference customers come from %(seen)s sectors."),
    ("reference_generic", "fail"): _(
        "The solution is meant for every sector, but its reference customers come from %(seen)s; at least %(needed)s are "
        "needed."
    ),
    ("reference_generic", "unknown"): _(
        "The sector of %(unknown)s reference customers is not known. Look whether they come from %(needed)s sectors."
    ),
    ("reference_use", "pass"): _("Every reference customer has used the solution for at least %(months)s months."),
    ("reference_use", "fail"): _(
        "The newest reference customer started on %(newest)s, less than %(months)s months ago."
    ),
    ("reference_use", "unknown"): _("It is not known since when the reference customers use the solution."),
    ("reference_satisfaction", "pass"): _("Dissatisfied reference customers: %(low)s of %(count)s."),
    ("reference_satisfaction", "fail"): _(
        "Dissatisfied reference customers: %(low)s of %(count)s, more than %(most)s in %(of)s."
    ),
    ("reference_satisfaction", "unknown"): _("No reference customer has answered yet."),
    ("no_complaints", "pass"): _("No unsolved complaint here."),
    ("no_complaints", "fail"): _("Unsolved complaints here: %(count)s."),
    ("no_complaints", "unknown"): _("The complaints could not be counted."),
    ("test_age", "pass"): _("Tested on %(on)s, at most %(months)s months ago."),
    ("test_age", "fail"): _("The test of %(on)s is in the future or more than %(months)s months old."),
    ("test_age", "unknown"): _("No test date was given."),
    ("no_critical_findings", "pass"): _("No open critical findings."),
    ("no_critical_findings", "fail"): _("Open critical findings: %(count)s."),
    ("no_critical_findings", "unknown"): _("The number of open critical findings was not given."),
    ("at_most", "pass"): _("%(value)s; at most %(limit)s is allowed."),
    ("at_most", "fail"): _("%(value)s; at most %(limit)s is allowed."),
    ("at_most", "unknown"): _("The number was not given."),
    ("evidence_in_date", "pass"): _("All required evidence of the last round is in date."),
    ("evidence_in_date", "fail"): _("Required items of the last round that are out of date: %(count)s."),
    ("evidence_in_date", "unknown"): _("There is no earlier approved dossier to look at."),
}
"""What each check says, by check and outcome."""
