"""Which page of a list is asked for."""

from api.serializers.base import QuerySerializer
from api.serializers.fields import WrittenNumberField

PAGE_SIZE, MOST_ON_A_PAGE = 20, 100


class PagingSerializer(QuerySerializer):
    """`page` and `page_size`; a page that does not exist is not found."""

    page = WrittenNumberField(required=False, default=1, min_value=1, help_text="Which page, from 1.")
    page_size = WrittenNumberField(
        required=False, default=PAGE_SIZE, min_value=1, max_value=MOST_ON_A_PAGE, help_text="How many rows on a page."
    )
