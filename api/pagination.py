"""How lists come in pieces: pages for catalogues, cursors for ledgers, both with `results`."""

from rest_framework.pagination import PageNumberPagination

from api.serializers.paging import MOST_ON_A_PAGE, PAGE_SIZE


class CataloguePagination(PageNumberPagination):
    """`page` and `page_size`, both checked before by `PagingSerializer`."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = MOST_ON_A_PAGE
