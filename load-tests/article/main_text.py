"""The main text of pages of documentation, by what their generators call it.

Independent of the scraper on purpose: Python's html.parser instead of jsoup, and a rule for each generator instead of
one for all. A list of contents is navigation, except on a page that consists of one.
"""

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SILENT = {"script", "style", "template", "noscript", "select", "textarea", "button", "title", "svg", "iframe"}
# What ends at the next of its kind, or at the end of what it is in.
ENDED_BY = {
    "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "tr": {"tr"}, "td": {"td", "th", "tr"}, "th": {"td", "th", "tr"},
    "p": {"p", "div", "ul", "ol", "dl", "pre", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr"},
    "option": {"option"},
}
SCOPES = {"ul", "ol", "dl", "table", "td", "th", "div", "body"}
WORD = re.compile(r"\w+")


class Generator:
    """Where a generator writes the text of a page, and what in it is no text of it."""

    def __init__(self, main, aside):
        self.main = main
        self.aside = aside

    def is_main(self, tag, attributes):
        return self.main(tag, attributes)

    def is_aside(self, tag, attributes):
        return self.aside(tag, attributes)


def classes(attributes):
    return set((attributes.get("class") or "").split())


def hidden(attributes):
    return "hidden" in attributes or re.search(r"display\s*:\s*none", attributes.get("style") or "") is not None


SPHINX = Generator(
    lambda tag, a: tag == "div" and "body" in classes(a),
    lambda tag, a: tag == "nav" or "headerlink" in classes(a),
)
DOCBOOK = Generator(
    lambda tag, a: tag == "body",
    lambda tag, a: bool(classes(a) & {"navheader", "navfooter", "toc"}),
)
ASCIIDOC = Generator(
    lambda tag, a: tag == "body",
    lambda tag, a: a.get("id") in ("footer", "toc"),
)
SQLITE = Generator(
    lambda tag, a: tag == "body",
    lambda tag, a: bool(classes(a) & {"nosearch", "fancy_toc"}) or a.get("id") == "toc_sub",
)


class Reading(HTMLParser):
    """The words of the main text, and those of the rest of the page."""

    def __init__(self, generator):
        super().__init__(convert_charrefs=True)
        self.generator = generator
        self.open = []  # (tag, in main, in aside, silent)
        self.main = []
        self.rest = []

    def handle_starttag(self, tag, attributes):
        if tag in VOID:
            self.add(" ")
            return
        for other in ENDED_BY.get(tag, ()) if tag in ("li", "dt", "dd", "tr", "td", "th", "option") else ():
            self.end_open(other)
        if tag in ENDED_BY["p"]:
            self.end_open("p")
        named = dict(attributes)
        outer = self.open[-1] if self.open else ("", False, False, False)
        self.open.append((
            tag,
            outer[1] or self.generator.is_main(tag, named),
            outer[2] or self.generator.is_aside(tag, named),
            outer[3] or tag in SILENT or hidden(named),
        ))
        if tag not in INLINE:
            self.add(" ")

    def handle_endtag(self, tag):
        if tag not in INLINE:
            self.add(" ")
        for i in range(len(self.open) - 1, -1, -1):
            if self.open[i][0] == tag:
                del self.open[i:]
                return

    def end_open(self, tag):
        for i in range(len(self.open) - 1, -1, -1):
            name = self.open[i][0]
            if name == tag:
                del self.open[i:]
                return
            if name in SCOPES:
                return

    def handle_data(self, data):
        self.add(data)

    def add(self, text):
        _, in_main, aside, silent = self.open[-1] if self.open else ("", False, False, False)
        if not silent:
            (self.main if in_main and not aside else self.rest).append(text)


INLINE = {
    "a", "abbr", "acronym", "b", "big", "cite", "code", "dfn", "em", "font", "i", "kbd", "mark", "q", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
}


def words(text):
    return WORD.findall(text.replace("\u00ad", "").replace("\u200b", ""))


def read(html, generator):
    """The words of the main text and of the rest of a page."""
    reading = Reading(generator)
    reading.feed(html)
    reading.close()
    return words("".join(reading.main)), words("".join(reading.rest))
