import AdjointNotebook
import Testing

@Suite("Markdown")
struct MarkdownTests {
  private func html(_ text: String) -> String {
    var anchors: [String: Int] = [:]
    return MarkdownPage.html(Markdown.parse(text), anchors: &anchors)
  }

  @Test(
    "Spans become HTML",
    arguments: [
      ("**bold** and *em* and _em_", "<strong>bold</strong> and <em>em</em> and <em>em</em>"),
      ("***both***", "<strong><em>both</em></strong>"),
      ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
      ("snake_case_name", "snake_case_name"),
      ("2 * 3 * 4", "2 * 3 * 4"),
      ("`a < b` and `` c`d ``", "<code>a &lt; b</code> and <code>c`d</code>"),
      ("unclosed `code", "unclosed `code"),
      ("[a *b*](http://x.org/?a=1&b=2)", "<a href=\"http://x.org/?a=1&amp;b=2\">a <em>b</em></a>"),
      ("[x](javascript:alert(1))", "x"),
      ("[not a link] (x)", "[not a link] (x)"),
      ("<https://x.org>", "<a href=\"https://x.org\">https://x.org</a>"),
      ("![alt](a.png)", "<img src=\"a.png\" alt=\"alt\">"),
      ("a \\* b \\_c\\_", "a * b _c_"),
      ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
      ("one  \ntwo\nthree", "one<br>\ntwo\nthree"),
      ("costs $5 or $6", "costs $5 or $6"),
    ])
  func spans(_ text: String, _ expected: String) {
    #expect(Markdown.inlineHTML(text) == expected)
  }

  @Test("Simple formulas are styled text")
  func mathematics() {
    #expect(
      Markdown.inlineHTML("$28 \\times x^2_i$")
        == "<span class=\"math\"><span class=\"upright\">2</span><span class=\"upright\">8</span> "
        + "× x<sup><span class=\"upright\">2</span></sup><sub>i</sub></span>")
    #expect(Markdown.inlineHTML("$\\mathrm{softmax}(z)<1$").contains("&lt;"))
  }

  @Test("Blocks become HTML")
  func blocks() {
    #expect(html("# A `b`") == "<h1 id=\"a-b\">A <code>b</code></h1>")
    #expect(html("## A\n## A") == "<h2 id=\"a\">A</h2>\n<h2 id=\"a-2\">A</h2>")
    #expect(html("a\nb\n\nc") == "<p>a\nb</p>\n<p>c</p>")
    #expect(html("> a\n> b") == "<blockquote><p>a\nb</p></blockquote>")
    #expect(html("---") == "<hr>")
    #expect(
      html("```\n<a>\n\n  b\n```") == "<pre class=\"code\"><code>&lt;a&gt;\n\n  b</code></pre>")
    #expect(html("```swift\nlet").contains("<span class=\"keyword\">let</span>"))
  }

  @Test("Lists nest and number")
  func lists() {
    #expect(html("- a\n- b") == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>")
    #expect(html("3. a\n4. b").hasPrefix("<ol start=\"3\">"))
    #expect(
      html("1. a\n   - b\n   - c\n2. d")
        == "<ol>\n<li>a\n<ul>\n<li>b</li>\n<li>c</li>\n</ul></li>\n<li>d</li>\n</ol>")
    #expect(html("text\n- a") == "<p>text</p>\n<ul>\n<li>a</li>\n</ul>")
  }

  @Test("Tables keep their alignment")
  func tables() {
    let text = html("| a | b |\n|:--|--:|\n| `x\\|y` | 2 |\n| 3 |")
    #expect(text.contains("<th style=\"text-align:left\">a</th>"))
    #expect(text.contains("<td style=\"text-align:left\"><code>x|y</code></td>"))
    #expect(text.contains("<td style=\"text-align:right\"></td>"))
  }

  @Test("Hostile text neither recurses without end nor takes forever")
  func hostile() {
    for piece in ["> ", "- ", "*", "[", "_a_", "`", "$", "**a ", "![", "{", "$x^", "# ", "|"] {
      let text = String(repeating: piece, count: 400)
      #expect(!html(text).contains("<script"))
    }
  }

  @Test("Swift code is marked up and escaped")
  func highlighting() {
    let html = SwiftHighlighter.html(
      "let x: [Int] = \"a\\(b(\"c\"))<\" // <d>\nfoo.self(0x1F, 1.5e-3, 1...2) /* a /* b */ */ @main"
    )
    #expect(
      html.contains("<span class=\"keyword\">let</span> x: [<span class=\"type\">Int</span>]"))
    #expect(
      html.contains("<span class=\"string\">&quot;a\\(b(&quot;c&quot;))&lt;&quot;</span>"))
    #expect(html.contains("<span class=\"comment\">// &lt;d&gt;</span>"))
    #expect(html.contains("foo.self("))
    #expect(html.contains("<span class=\"number\">0x1F</span>"))
    #expect(html.contains("<span class=\"number\">1.5e-3</span>"))
    #expect(html.contains("<span class=\"number\">1</span>...<span class=\"number\">2</span>"))
    #expect(html.contains("<span class=\"comment\">/* a /* b */ */</span>"))
    #expect(html.contains("<span class=\"keyword\">@main</span>"))
  }

  @Test("Source that breaks off inside a token is shown to its end")
  func unfinished() {
    for source in ["\"abc", "/* abc", "\"\"\"\nabc", "#\"abc", "\"\\(", "0x", "@", "#"] {
      #expect(SwiftHighlighter.html(source).contains(source.last.map { "\($0)" } ?? ""))
    }
  }
}
