"""Defects of pages and totals (PAGE-01 to PAGE-07)."""

from mock_server.defects.common import relist
from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request


@defect("PAGE-01", "Without pageSize, a list has pages of 10.", also=("SORT-05",))
async def default_page_size_10(server: Server, request: Request) -> Answer:
    if request.lists and request.value("pageSize") is None:
        request = request.with_query({"pageSize": "10"})
    return await server.ask(request)


@defect("PAGE-01", "An answer counts its page from one.")
async def page_counted_from_one(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.lists and answer.ok:
        return answer.giving({**answer.data, "page": answer.data["page"] + 1})
    return answer


@defect("PAGE-02", "Every page after the first begins with the last row of the page before.")
async def page_off_by_one(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if not (request.lists and answer.ok and answer.data["page"]):
        return answer
    size, total = answer.data["pageSize"], answer.data["total"]
    start = answer.data["page"] * size
    rows = (await server.whole(request))[start - 1 : start - 1 + size]
    return answer.showing(rows[: max(0, min(size, total - start))])


@defect("PAGE-02", "Every page after the first is cut out of the list in reverse order.")
async def pages_of_two_orders(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.lists and answer.ok and answer.data["page"]:
        return await relist(server, request, lambda rows: rows[::-1])
    return answer


@defect("PAGE-03", "total is the number of rows on the page.")
async def total_of_the_page(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.lists and answer.ok:
        return answer.giving({**answer.data, "total": len(answer.rows)})
    return answer


@defect("PAGE-03", "total counts the rows from the page on, not those before it.", also=("PAGE-05",))
async def total_of_the_rest(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.lists and answer.ok:
        data = answer.data
        return answer.giving({**data, "total": max(0, data["total"] - data["page"] * data["pageSize"])})
    return answer


@defect("PAGE-04", "A page has one row too many where there is one more.")
async def one_row_too_many(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.lists and answer.ok:
        start, size = answer.data["page"] * answer.data["pageSize"], answer.data["pageSize"]
        return answer.showing((await server.whole(request))[start : start + size + 1])
    return answer


@defect("PAGE-04", "A full page lacks its last row.", also=("PAGE-02",))
async def one_row_too_few(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.lists and answer.ok and len(answer.rows) == answer.data["pageSize"]:
        return answer.showing(answer.rows[:-1])
    return answer


@defect("PAGE-05", "A page past the end repeats the last page.")
async def past_the_end_repeats(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.lists and answer.ok and not answer.rows and answer.data["total"]:
        last = (answer.data["total"] - 1) // answer.data["pageSize"]
        again = await server.ask(request.with_query({"page": str(last)}))
        return answer.showing(again.rows)
    return answer


@defect("PAGE-05", "A page past the end has the total 0.")
async def past_the_end_total_zero(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.lists and answer.ok and not answer.rows:
        return answer.giving({**answer.data, "total": 0})
    return answer


@defect("PAGE-06", "A pageSize above 100 is taken for 100.")
async def page_size_capped(server: Server, request: Request) -> Answer:
    size = request.value("pageSize")
    if request.lists and size and size.isdecimal() and int(size) > 100:
        request = request.with_query({"pageSize": "100"})
    return await server.ask(request)


@defect("PAGE-06", "A negative page is taken for the first.")
async def negative_page_is_first(server: Server, request: Request) -> Answer:
    if request.lists and (request.value("page") or "").startswith("-"):
        request = request.with_query({"page": "0"})
    return await server.ask(request)


@defect("PAGE-07", "Numbers are read in any form: 01, +1, 1.0.")
async def numbers_in_any_form(server: Server, request: Request) -> Answer:
    for name in ("page", "pageSize"):
        try:
            number = int(float(request.value(name) or "none"))
        except (ValueError, OverflowError):
            continue
        if request.lists and 0 <= number <= 1_000_000:
            request = request.with_query({name: str(number)})
    return await server.ask(request)


@defect("PAGE-07", "A page above 1,000,000 is taken, and empty.")
async def any_page_taken(server: Server, request: Request) -> Answer:
    page = request.value("page") or ""
    if request.lists and page.isdecimal() and page.isascii() and int(page) > 1_000_000 and page[0] != "0":
        answer = await server.ask(request.with_query({"page": "1000000"}))
        return answer.giving({**answer.data, "page": int(page)}) if answer.ok else answer
    return await server.ask(request)
