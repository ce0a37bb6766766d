// crawl START_URL OUT.jsonl IN_FLIGHT: the bare loop's crawl in Go, by net/http and goquery, which are what Colly is built on.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

type page struct {
	URL    string `json:"url"`
	Status int    `json:"status"`
	Title  string `json:"title"`
	Links  int    `json:"links"`
}

type crawl struct {
	client *http.Client
	host   string
	mutex  sync.Mutex
	more   *sync.Cond
	seen   map[string]bool
	queue  []string
	busy   int
	out    *json.Encoder
}

func main() {
	start, err := url.Parse(os.Args[1])
	check(err)
	file, err := os.Create(os.Args[2])
	check(err)
	inFlight, err := strconv.Atoi(os.Args[3])
	check(err)
	buffer := bufio.NewWriter(file)
	c := &crawl{
		client: &http.Client{
			Timeout:   2 * time.Minute,
			Transport: &http.Transport{MaxIdleConns: inFlight, MaxIdleConnsPerHost: inFlight},
		},
		host: start.Host,
		seen: map[string]bool{},
		out:  json.NewEncoder(buffer),
	}
	c.more = sync.NewCond(&c.mutex)
	c.out.SetEscapeHTML(false)
	c.add([]string{start.String()})
	var workers sync.WaitGroup
	for i := 0; i < inFlight; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			c.work()
		}()
	}
	workers.Wait()
	check(buffer.Flush())
	check(file.Close())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Adds those that are new. The mutex is not held by the caller.
func (c *crawl) add(urls []string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, each := range urls {
		if !c.seen[each] {
			c.seen[each] = true
			c.queue = append(c.queue, each)
			c.more.Signal()
		}
	}
}

func (c *crawl) work() {
	for {
		next, ok := c.take()
		if !ok {
			return
		}
		found, links := c.visit(next)
		c.add(links)
		c.mutex.Lock()
		if found.Status == http.StatusOK {
			check(c.out.Encode(found))
		}
		c.busy--
		if c.busy == 0 && len(c.queue) == 0 {
			c.more.Broadcast()
		}
		c.mutex.Unlock()
	}
}

func (c *crawl) take() (string, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for len(c.queue) == 0 {
		if c.busy == 0 {
			return "", false
		}
		c.more.Wait()
	}
	next := c.queue[0]
	c.queue = c.queue[1:]
	c.busy++
	return next, true
}

func (c *crawl) visit(address string) (page, []string) {
	response, err := c.client.Get(address)
	check(err)
	defer response.Body.Close()
	base := response.Request.URL
	found := page{URL: base.String(), Status: response.StatusCode}
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		// A connection can be used again only after its body was read.
		_, err := io.Copy(io.Discard, response.Body)
		check(err)
		return found, nil
	}
	// Without scripting, as the others read: what is in noscript is a part of the page.
	root, err := html.ParseWithOptions(response.Body, html.ParseOptionEnableScripting(false))
	check(err)
	document := goquery.NewDocumentFromNode(root)
	found.Title = strings.TrimSpace(document.Find("title").First().Text())
	var targets []string
	document.Find("a[href], iframe[src]").Each(func(_ int, link *goquery.Selection) {
		found.Links++
		href := link.AttrOr("href", link.AttrOr("src", ""))
		target, err := base.Parse(strings.TrimSpace(href))
		if err == nil && target.Scheme == base.Scheme && target.Host == c.host {
			target.Fragment = ""
			target.RawFragment = ""
			if target.Path == "" {
				target.Path = "/"
			}
			targets = append(targets, target.String())
		}
	})
	return found, targets
}
