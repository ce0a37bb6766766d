"""scrapy_crawl.py START_URL OUT.jsonl CONCURRENCY: the bare loop's crawl by Scrapy (Debian package python3-scrapy)."""

import json
import sys
from urllib.parse import urldefrag, urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess

START, OUT, CONCURRENCY = sys.argv[1], sys.argv[2], int(sys.argv[3])


class Pages(scrapy.Spider):
    name = "pages"
    start_urls = [START]
    handle_httpstatus_all = True
    seen = {START}

    def parse(self, response):
        is_html = "text/html" in str(response.headers.get("Content-Type"))
        links = response.css("a::attr(href)").getall() if is_html else []
        title = " ".join((response.css("title::text").get() or "").split()) if links else ""
        OUTPUT.write(json.dumps({"url": response.url, "status": response.status, "title": title, "links": len(links)})
                     + "\n")
        for link in links:
            url = urldefrag(response.urljoin(link)).url
            if urlsplit(url).netloc == urlsplit(START).netloc and url not in self.seen:
                self.seen.add(url)
                yield scrapy.Request(url, dont_filter=True)


with open(OUT, "w", encoding="utf-8") as OUTPUT:
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
            "ROBOTSTXT_OBEY": False,
            "RETRY_ENABLED": False,
            "COOKIES_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_LEVEL": "ERROR",
        }
    )
    process.crawl(Pages)
    process.start()
