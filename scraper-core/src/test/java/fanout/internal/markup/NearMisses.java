package fanout.internal.markup;

import java.util.List;

/** Pages where the order of the tags and that of the document part, and pages where they nearly do. */
final class NearMisses {

    static final List<String> PAGES = List.of(
            "<table><tr><td><a href=1>x</a><template></table></template></td><a href=2>y</a></table>",
            "<table><tr><td><a href=1></a></td></tr><b><noscript><a href=2></a></noscript></table>",
            "<table><tr><td><a href=1></th><a href=2></table>",
            "<table><tr><td><a href=1></a><a href=2>x<object></td>text</table>",
            "<table><tr><td><a href=1></a><a href=2>x<object>y</object></td>text</table>",
            "<table><caption><a href=1></a><a href=2>x<marquee></caption>text</table>",
            "<table><tr><td><a href=1></a><a href=2><template><object></template></td>text</table>",
            "<table><caption><a href=1></a><tr><td><a href=2></a></table><a href=3></a>",
            "<table><col><a href=1></a></table>",
            "<table><tr><td><table></td><a href=1></a></table><a href=2></a>",
            "<a href=1><table><tr><td><a href=2></a></table></a>",
            "<p><a href=1><div>x</div><a href=2>y",
            "<a href=1><p>x</a>y<a href=2>z</a>",
            "<head><noscript><title>n</title></noscript><title>t</title>",
            "<head></head><noscript></noscript><title>t</title>",
            "<head></br><title>t</title>",
            "<head></p><title>t</title>",
            "<head>&#32;<title>t</title>",
            "<head>< <title>t</title>",
            "<table><tr><td><title>a</title></td></tr><tr><title>b</title></table>",
            "<table><caption><title>a</title></caption></table><title>b</title>",
            "<div><template><a href=1></a><title>a</title></div></template><a href=2></a><title>b</title>",
            "<div><template><base href=1><meta name=robots content=none></div><a href=2></a>",
            "<div><noscript><template><a href=1></a></template></noscript><a href=2></a>",
            "<select><template><a href=1></a></template><title>a</title></select>",
            "<svg><title>s</title></svg><title>t</title>",
            "<svg><title>s</title><a href=1></a></svg>",
            "<svg><g><path/></svg><a href=1></a></g>",
            "<svg><style><a href=1></a></style></svg>",
            "<svg><![CDATA[<a href=1></a>]]></svg>",
            "<svg/><a href=1></a>",
            "<title>t</title x='>'><a href=1>",
            "<title>t</titlex></title><a href=1>",
            "<textarea><a href=1></textarea><a href=2>",
            "<iframe src=1><a href=2></iframe><a href=3>",
            "<noscript><iframe src=1 /><a href=2></noscript>",
            "<noscript><frame src=1><table><a href=2></table></noscript><a href=3>",
            "<script><!-- <script> </script> <a href=1> --></script><a href=2>",
            "<script><!-- </script><a href=1>--></script>",
            "<!--><a href=1>--><!--a--!><a href=2><!-- -- ><a href=3>-->",
            "<a href=1/><a href='2'x><a/href=3><a =href=4><a href =5><a href= >",
            "<a href=1 HREF=2><a hre\0f=3><a href=4\0>",
            "<a href=\"?a=1&amp;b=2&copy=3&copy;&notit;&#x41&#0;\">",
            "<body><frameset><frame src=1></frameset>", "<plaintext><a href=1>", "<name><object></object><a href=1>",
            "<select><a href=1><select><a href=2></select>", "<math><mi><a href=1></mi></math>",
            "<div>".repeat(600) + "<table><tr><td><a href=1></a></td></tr><a href=2></a></table>",
            "<p><b>".repeat(200) + "<noscript><a href=1></noscript>", "<a href=1", "<a href='1>", "</", "<",
            "\uFFFF<a href=1>", "<a" + " b".repeat(511) + " href=1>", "<a" + " b".repeat(512) + " href=1>");

    private NearMisses() {}
}
