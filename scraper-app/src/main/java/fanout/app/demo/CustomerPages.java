package fanout.app.demo;

import fanout.app.demo.Catalogue.Product;
import fanout.app.demo.Response.Document;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The pages of the only customer: a form to log in, and orders, the same in every run. Immutable. */
record CustomerPages(PageLayout layout, List<Order> orders) {

    static final String LOGIN = "/login";
    static final String LOGOUT = "/logout";
    static final String ORDERS = "/account/orders";
    static final String USER = "demo";
    static final String PASSWORD = "garden-gate";

    private static final int PER_PAGE = 4;
    private static final int ALL = 24;
    private static final int FIRST_NUMBER = 1001;
    private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 5);
    private static final int DAYS_BETWEEN = 11;

    /** What was bought on one day. */
    record Order(int number, LocalDate day, List<Line> lines) {
        Order {
            lines = List.copyOf(lines);
        }

        String path() {
            return ORDERS + "/" + number;
        }

        BigDecimal total() {
            return lines.stream().map(Line::price).reduce(BigDecimal.ZERO, BigDecimal::add);
        }
    }

    /** Some pieces of a product. */
    record Line(Product product, int pieces) {
        BigDecimal price() {
            return product.price().multiply(BigDecimal.valueOf(pieces));
        }
    }

    CustomerPages {
        orders = List.copyOf(orders);
    }

    static CustomerPages of(Catalogue catalogue, PageLayout layout) {
        List<Product> products = catalogue.products().toList();
        return new CustomerPages(layout, IntStream.range(0, ALL)
                .mapToObj(i -> new Order(FIRST_NUMBER + i, FIRST_DAY.plusDays((long) i * DAYS_BETWEEN),
                        IntStream.rangeClosed(0, i % 3)
                                .mapToObj(line -> new Line(products.get((5 * i + 7 * line) % products.size()),
                                        1 + (i + line) % 3))
                                .toList()))
                .toList());
    }

    /**
     * Returns the form to log in.
     *
     * @param token what it sends to show that it is this form
     * @param problem why it is shown again; empty at first
     */
    Document login(int status, String token, String problem) {
        return Document
                .html(status,
                        layout.around("Log in",
                                Html.of("""
                                        <h1>Log in</h1>
                                        %s<form id="login" method="post" action="/login">
                                        <input type="hidden" name="token" value="%s">
                                        <p><label>User <input name="user" autocomplete="username"></label></p>
                                        <p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>
                                        <p><button name="go" value="1">Log in</button></p>
                                        </form>
                                        <p class="intro">The customer of this shop is <code>%s</code>, with the password <code>%s</code>. A session \
                                        ends by itself; then this form is shown again.</p>
                                        """,
                                        problem.isEmpty() ? Html.NOTHING
                                                : Html.of("<p class=\"problem\">%s</p>\n", problem),
                                        token, USER,
                                        PASSWORD)));
    }

    /** Returns a page of the list of orders; behind the last one it is empty. */
    Document list(int page) {
        int last = Math.ceilDiv(orders.size(), PER_PAGE);
        List<Order> shown = page == 0 ? List.of()
                : orders.stream().skip((page - 1L) * PER_PAGE).limit(PER_PAGE).toList();
        Html rows = Html.all(shown.stream().map(order -> Html.of("""
                <tr><td><a href="%s">%s</a></td><td><time datetime="%s">%s</time></td><td class="total">€ %s</td></tr>
                """, order.path(), order.number(), order.day(), order.day(), order.total())));
        return personal("My orders", Html.of("""
                <h1>My orders</h1>
                <table class="orders">
                <tr><th>Order</th><th>Day</th><th>Total</th></tr>
                %s</table>
                <ul class="pager">%s</ul>
                """, rows, page > 0 && page < last
                ? Html.of("<li class=\"next\"><a href=\"%s?page=%s\">next page</a></li>", ORDERS, page + 1)
                : Html.NOTHING));
    }

    /** Returns the page of an order; empty if no order has this path. */
    Optional<Document> order(String path) {
        return orders.stream().filter(order -> order.path().equals(path)).findFirst().map(this::detail);
    }

    private Document detail(Order order) {
        Html lines = Html.all(order.lines().stream().map(line -> Html.of("""
                <tr class="line"><td>%s</td><td><a href="%s">%s</a></td><td>€ %s</td></tr>
                """, line.pieces(), ShopPaths.of(line.product()), line.product().title(), line.price())));
        return personal("Order " + order.number(), Html.of("""
                <p class="crumbs"><a href="%s">My orders</a></p>
                <h1>Order %s</h1>
                <p>Of <time datetime="%s">%s</time></p>
                <table class="orders">
                %s</table>
                <p class="price">€ %s</p>
                """, ORDERS, order.number(), order.day(), order.day(), lines, order.total()));
    }

    private Document personal(String title, Html content) {
        return Document.html(200, layout.around(title, Html.of("""
                <p class="account">Logged in as %s. <a class="logout" href="%s" rel="nofollow">Log out</a></p>
                %s""", USER, LOGOUT, content)));
    }
}
