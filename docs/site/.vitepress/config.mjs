// The site of the project's Markdown files. Their links are written for a code host; what is no page of the site leads there.
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const root = fileURLToPath(new URL('../../..', import.meta.url))
// The code host that sources are on, and the path below which the site is served.
const repository = process.env.DOCS_REPOSITORY ?? 'https://github.com/fanout-scraper/fanout-scraper'
const branch = process.env.DOCS_BRANCH ?? 'main'

/** Markdown that is no page: what builds wrote, test data, and a part of another page. */
const NO_PAGES = ['**/target*/**', 'out/**', '**/src/**', 'load-tests/jmh/**']
const isPage = (file) => file.endsWith('.md') && !/(^|\/)(target[^/]*|src)\/|^(out|load-tests\/jmh)\//.test(file)

/** Where a file of the project is on the site. README.md is what a folder shows. */
const rewrite = (id) => id.replace(/(^|\/)README\.md$/, '$1index.md').replace(/^docs\/index\.md$/, 'docs.md')
  .replace(/^docs\//, '').replace(/^scraper-core\/docs\//, 'internals/')

/** The anchors of a code host, which the tests check. */
const slugify = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-')

/** Links to sources lead to the code host; those to pages are left to VitePress, which fails if one is dead. */
function links(markdown) {
  markdown.core.ruler.push('sources', ({ tokens, env }) => {
    for (const token of tokens.flatMap((each) => each.children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null
      if (!href || /^([a-z]+:|#)/.test(href)) continue
      const [target, anchor] = href.split('#')
      const page = env.realPath ?? env.path
      const file = path.relative(root, path.resolve(path.dirname(page), decodeURI(target)))
      if (isPage(file)) {
        token.attrSet('href', '/' + rewrite(file) + (anchor ? `#${anchor}` : ''))
      } else if (existsSync(path.join(root, file))) {
        const kind = statSync(path.join(root, file)).isDirectory() ? 'tree' : 'blob'
        token.attrSet('href', `${repository}/${kind}/${branch}/${file}${anchor ? `#${anchor}` : ''}`)
      }
    }
  })
}

/** Vue is not found from pages that are outside of this folder, where Node.js looks for it when pages are rendered. */
const vue = {
  name: 'vue-of-this-folder',
  enforce: 'pre',
  resolveId: (id, importer, { ssr }) => ssr && /^vue(\/server-renderer)?$/.test(id) ? { id, external: true } : null,
}

export default defineConfig({
  title: 'fanout-scraper',
  description: 'A web crawler for the JVM that fetches in parallel, politely, and always ends.',
  lang: 'en',
  base: process.env.DOCS_BASE ?? '/',
  srcDir: root,
  srcExclude: NO_PAGES,
  outDir: path.join(root, 'docs/target/site'),
  cacheDir: path.join(root, 'docs/target/cache'),
  rewrites: rewrite,
  cleanUrls: false,
  metaChunk: true,
  vite: { plugins: [vue] },
  markdown: { anchor: { slugify }, config: links },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Use', link: '/tutorial' },
      { text: 'Run', link: '/service' },
      { text: 'Review', link: '/reviewers' },
      { text: 'Changelog', link: '/CHANGELOG' },
    ],
    sidebar: [
      { text: 'Use', items: [
        { text: 'What it is', link: '/' },
        { text: 'Tutorial', link: '/tutorial' },
        { text: 'Recipes', link: '/recipes' },
        { text: 'Job reference', link: '/job' },
        { text: 'Command line', link: '/command-line' },
        { text: 'Outputs', link: '/outputs' },
        { text: 'Resuming', link: '/resuming' },
        { text: 'Library', link: '/library' },
        { text: 'Performance', link: '/performance' },
        { text: 'Glossary', link: '/glossary' },
      ] },
      { text: 'Run', items: [
        { text: 'Service and API', link: '/service' },
        { text: 'Operations', link: '/operations' },
        { text: 'Deploy', link: '/deploy/' },
        { text: 'Runbook', link: '/deploy/prometheus/runbook' },
        { text: 'Security', link: '/SECURITY' },
      ] },
      { text: 'Review', items: [
        { text: 'For reviewers', link: '/reviewers' },
        { text: 'The walk of a URL', link: '/walk' },
        { text: 'Concurrency', link: '/internals/concurrency' },
        { text: 'Pitfalls', link: '/PITFALLS' },
        { text: 'Packages', link: '/internals/packages' },
        { text: 'Decisions', link: '/internals/adr/' },
        { text: 'Race hunts', link: '/internals/race-hunt' },
        { text: 'Simulated crawls', link: '/internals/simulation' },
        { text: 'Mutation testing', link: '/internals/mutation' },
        { text: 'Leak check', link: '/internals/leak-check' },
        { text: 'Checks', link: '/checks' },
        { text: 'Load tests', link: '/load-tests/' },
        { text: 'Results', link: '/load-tests/RESULTS' },
        { text: 'Contributing', link: '/CONTRIBUTING' },
      ] },
    ],
    socialLinks: [{ icon: 'github', link: repository }],
  },
})
