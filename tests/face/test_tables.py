"""Tables on a telephone, and the panel of filters that folds away there but not on a desk."""

import pytest
from django.template import Context, Template

TABLE = """{% load trede_tables %}{% stacked "c" %}<table><caption id="c">x</caption>
<thead><tr><th scope="col">Nummer</th><th scope="col"><a class="trede-sort" href="?o">Be&amp;drijf</a></th><th>Bedrag</th></tr></thead>
<tbody><tr><th scope="row"><a href="/1/">DT-2026-000001-1/1</a></th><td>{{ name }}</td><td class="trede-numeric">€ 1</td></tr>
<tr><td colspan="3">niets</td></tr></tbody></table>{% endstacked %}"""


def test_every_value_carries_the_head_of_its_column():
    page = Template(TABLE).render(Context({"name": "<b>Jansen</b>"}))
    assert '<td data-label="Be&amp;drijf"><div>&lt;b&gt;Jansen&lt;/b&gt;</div></td>' in page
    assert '<td class="trede-numeric" data-label="Bedrag"><div>€ 1</div></td>' in page
    assert '<th scope="row"><div class="trede-number"><a href="/1/">DT-2026-000001-1/1</a></div></th>' in page
    assert '<td colspan="3"><div>niets</div></td>' in page
    assert '<thead data-label="Sorteer op">' in page
    assert page.count('role="region" aria-labelledby="c" tabindex="0"') == 1


@pytest.mark.browser
@pytest.mark.parametrize(("width", "folded", "display"), [(390, True, "block"), (1280, False, "table-row")])
def test_rows_are_cards_and_filters_fold_on_a_telephone_alone(browser, site, width, folded, display):
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=True)
    page = context.new_page()
    page.goto(f"{site}/styleguide/")
    row = page.locator(".trede-stacked tbody tr").first
    assert row.evaluate("one => getComputedStyle(one).display") == display
    fold = page.locator(".trede-filters__fold").first
    assert fold.locator("> summary").is_visible() is folded
    assert fold.locator("[name=q]").is_visible() is not folded
    context.close()
