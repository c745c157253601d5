"""The chart is well-formed, labelled, and drawn to scale."""

from xml.etree import ElementTree

from bench.chart import Panel, draw

SVG = "{http://www.w3.org/2000/svg}"
PANELS = [Panel("GET <one>", [4000.0, 1000.0, None]), Panel("POST", [2000.0, 500.0, 4.0])]


def drawn() -> ElementTree.Element:
    return ElementTree.fromstring(draw("Speed & more", "a note", ["mock", "Prism", "A & B"], PANELS, own=0))


def test_all_labels_are_there() -> None:
    texts = ["".join(text.itertext()) for text in drawn().iter(f"{SVG}text")]
    assert {
        "Speed & more",
        "a note",
        "mock",
        "Prism",
        "A & B",
        "GET <one>",
        "POST",
        "4,000",
        "no number",
    } <= set(texts)


def test_bars_are_to_scale_and_a_missing_number_has_none() -> None:
    widths = [float(bar.attrib["width"]) for bar in drawn().iter(f"{SVG}rect")]
    assert len(widths) == 5
    assert widths[0] == 4 * widths[1]
    assert widths[4] >= 1


def test_only_the_own_bar_is_set_off() -> None:
    kinds = [bar.attrib["class"] for bar in drawn().iter(f"{SVG}rect")]
    assert kinds == ["own", "peer", "own", "peer", "peer"]


def test_it_has_a_dark_and_a_light_palette() -> None:
    style = drawn().findtext(f"{SVG}style")
    assert style is not None
    assert "prefers-color-scheme: dark" in style


def test_nothing_is_outside_the_picture() -> None:
    root = drawn()
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for bar in root.iter(f"{SVG}rect"):
        assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= width
        assert float(bar.attrib["y"]) + float(bar.attrib["height"]) <= height
