"""How rows look as JSON: snake_case, money as text with two decimals, ISO dates, codes for what has one."""
