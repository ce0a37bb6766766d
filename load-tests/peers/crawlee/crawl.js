// crawl.js START_URL OUT.jsonl IN_FLIGHT: the bare loop's crawl by Crawlee's CheerioCrawler.
import {createWriteStream} from 'node:fs';
import {finished} from 'node:stream/promises';
import {CheerioCrawler, Configuration, log} from '@crawlee/cheerio';

const [start, out, inFlight] = process.argv.slice(2);
const output = createWriteStream(out);
log.setLevel(log.LEVELS.ERROR);

const crawler = new CheerioCrawler({
    minConcurrency: Number(inFlight),
    maxConcurrency: Number(inFlight),
    maxRequestRetries: 0,
    useSessionPool: false,
    additionalMimeTypes: ['*/*'],
    async requestHandler({$, request, response, enqueueLinks}) {
        const isPage = (response.headers['content-type'] ?? '').startsWith('text/html');
        const links = isPage ? $('a[href]').length : 0;
        const title = isPage ? $('title').first().text() : '';
        output.write(`${JSON.stringify({url: request.loadedUrl.split('#')[0], status: response.statusCode, title, links})}\n`);
        if (isPage) {
            await enqueueLinks({selector: 'a[href]', strategy: 'same-origin'});
        }
    },
    // A page that does not exist is an answer, too, as for the other crawlers.
    failedRequestHandler() {},
}, new Configuration({persistStorage: false}));

await crawler.run([start]);
output.end();
await finished(output);
