// Jobs to begin with; each is valid as it stands.

export const EXAMPLES = {
  "Headings of a site": `name: docs
startUrls: ["https://example.org/"]
scope: {maxDepth: 3}
limits: {maxPages: 200, maxDuration: 10m}
politeness: {delay: 500ms}
extract:
  - name: headings
    fields:
      title: {css: "h1", required: true}
`,
  "A catalogue: lists and products": `name: catalogue
startUrls:
  - {url: "https://example.org/catalogue/", label: list}
limits: {maxPages: 5000, maxDuration: 1h}
politeness: {delay: 500ms}
follow:                              # only these links, each with what it leads to
  - {css: "li.next a", label: list}
  - {css: "article h3 a", label: product}
extract:
  - name: products
    label: product
    fields:
      title: {css: "h1", required: true}
      price: {css: ".price", type: number}
      tags:  {css: ".tag", list: true}
      link:  {from: url}
`,
  "What a sitemap lists": `name: sitemap
startUrls: []
sitemaps: ["https://example.org/sitemap.xml"]
follow: []                           # no link: the sitemap says it all
limits: {maxPages: 10000, maxDuration: 2h}
`,
  "A JSON API, page by page": `name: api
startUrls: ["https://example.org/api/products"]
parse: {contentTypes: [application/json]}
follow: [{json: /next}]
extract:
  - name: products
    each: {json: /items}
    fields:
      title: {json: /name, required: true}
      price: {json: /price, type: number}
`,
  "A few pages of many sites": `name: many
startUrls: ["https://example.org/", "https://example.net/", "https://example.com/"]
scope:
  allowedDomains: [example.org, example.net, example.com]
  maxDepth: 1
limits: {maxPages: 1000, maxDuration: 1h}
politeness: {perHostConcurrency: 1, delay: 2s}
`,
};
