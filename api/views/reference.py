"""What everybody may read: sectors, categories, municipalities."""

from rest_framework import generics
from rest_framework.permissions import AllowAny

from accounts.models import Municipality, Sector
from api.pagination import CataloguePagination
from api.serializers.reference import CategorySerializer, MunicipalitySerializer, SectorSerializer
from providers.models import Category


class ReferenceList(generics.ListAPIView):
    """A public list in a fixed order."""

    authentication_classes: list = []
    permission_classes = [AllowAny]
    pagination_class = CataloguePagination
    filter_backends: list = []


class SectorList(ReferenceList):
    """The sectors a roadmap exists for, with the SBI 2025 prefixes that lead to each."""

    queryset = Sector.objects.in_order().prefetch_related("sbi_prefixes")
    serializer_class = SectorSerializer


class CategoryList(ReferenceList):
    """The kinds of solution: `prerequisites` reads `A;B` all of them, `A|B` any of them."""

    queryset = Category.objects.order_by("position", "code")
    serializer_class = CategorySerializer


class MunicipalityList(ReferenceList):
    """All municipalities by CBS code, with their province."""

    queryset = Municipality.objects.select_related("province").order_by("name", "code")
    serializer_class = MunicipalitySerializer
