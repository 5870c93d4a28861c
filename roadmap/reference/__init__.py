"""The facts the product starts from: sectors, categories, roadmap, questions, checklist.

`parse` reads and checks the files of fixtures/reference without a database; `store` writes what was read. Nothing is
written when anything is wrong.
"""

from roadmap.reference.parse import Reference, read_reference
from roadmap.reference.reader import Reader, ReferenceFault, Row

__all__ = ["Reader", "Reference", "ReferenceFault", "Row", "read_reference"]
