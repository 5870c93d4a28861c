"""How lists come in pieces: pages for catalogues, cursors for ledgers, both with `results`."""

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination


class CataloguePagination(PageNumberPagination):
    """`page` and `page_size` (20, at most 100). A page size that is no number from 1 to 100 is an error, not a guess."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100

    def get_page_size(self, request):
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:6]) <= self.max_page_size):
            raise ValidationError({self.page_size_query_param: [f"1–{self.max_page_size}"]})
        return int(asked)
