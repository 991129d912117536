/// The look of the page, in light and dark.
enum PageStyle {
  static let css = """
    :root {
    \(properties(\.light))
      --text: #1f2328; --quiet: #59636e; --ground: #ffffff; --box: #f6f8fa; --edge: #e3e6ea;
      --link: #0b62b8; --keyword: #9b2393; --type: #1c6a8c; --number: #1c4fd6;
      --string: #b3261e; --comment: #5d6c79;
    }
    @media (prefers-color-scheme: dark) { :root {
    \(properties(\.dark))
      --text: #e6e8eb; --quiet: #9ba4af; --ground: #14171b; --box: #1d2228; --edge: #2c323a;
      --link: #6cb2f7; --keyword: #ff8fc7; --type: #8fd3e8; --number: #b6a4ff;
      --string: #ff9d8a; --comment: #8c99a6;
    } }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; padding: 3rem 1.25rem 4rem; background: var(--ground); color: var(--text);
      font: 17px/1.62 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
        "Noto Sans", Arial, sans-serif;
    }
    main, footer { max-width: 780px; margin: 0 auto; }
    h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2.2em 0 .6em; text-wrap: balance; }
    h1 { font-size: 2.1rem; letter-spacing: -.015em; margin-top: 0; }
    h2 { font-size: 1.5rem; letter-spacing: -.01em; }
    h3 { font-size: 1.2rem; }
    h4, h5, h6 { font-size: 1rem; }
    p, ul, ol, blockquote, .table { margin: 0 0 1.1em; }
    li { margin: .25em 0; }
    li > ul, li > ol { margin-bottom: .25em; }
    a { color: var(--link); text-underline-offset: .15em; }
    img { max-width: 100%; }
    hr { border: 0; border-top: 1px solid var(--edge); margin: 2.5em 0; }
    blockquote { padding: .1em 0 .1em 1.1em; border-left: 3px solid var(--edge); color: var(--quiet); }
    blockquote > :last-child { margin-bottom: 0; }
    code, pre {
      font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono",
        "Liberation Mono", monospace;
    }
    :not(pre) > code { font-size: .88em; padding: .1em .3em; border-radius: 4px; background: var(--box); }
    pre {
      margin: 0 0 1.1em; overflow-x: auto; font-size: 12.5px; line-height: 1.6;
      border-radius: 8px; tab-size: 2;
    }
    pre.code { padding: .8em 11px; background: var(--box); border: 1px solid var(--edge); }
    section { margin: 0 0 1.6em; }
    section > pre.code, section > details { margin-bottom: .6em; }
    pre.output, pre.raw {
      padding: .3em 0 .3em 11px; margin-bottom: .6em; font-size: 12px;
      border-left: 3px solid var(--edge); border-radius: 0;
    }
    details { border: 1px solid var(--edge); border-radius: 8px; }
    details > pre.code { margin: 0; border-width: 1px 0 0; border-radius: 0 0 8px 8px; }
    summary { cursor: pointer; padding: .4em 11px; color: var(--quiet); font-size: 14px; }
    figure { margin: 1em 0 1.4em; text-align: center; overflow-x: auto; }
    figure svg { max-width: 100%; height: auto; }
    .table { overflow-x: auto; }
    table { border-collapse: collapse; font-size: .94em; font-variant-numeric: tabular-nums; }
    th, td { padding: .4em .9em; border-bottom: 1px solid var(--edge); text-align: left; }
    th { border-bottom-width: 2px; }
    .math { font-family: "STIX Two Math", "Latin Modern Math", Cambria, Georgia, serif; font-style: italic; white-space: nowrap; }
    .math.display { display: block; overflow-x: auto; text-align: center; margin: .4em 0; }
    .math .upright { font-style: normal; }
    .math sub, .math sup { font-size: .74em; line-height: 0; }
    .keyword { color: var(--keyword); } .type { color: var(--type); }
    .number { color: var(--number); } .string { color: var(--string); }
    .comment { color: var(--comment); }
    .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 1.2rem; }
    .card {
      display: block; padding: .9rem 1rem; border: 1px solid var(--edge); border-radius: 10px;
      background: var(--box); color: var(--text); text-decoration: none;
    }
    .card img {
      display: block; width: 100%; height: 150px; margin-bottom: .7rem; border-radius: 6px;
      background: #ffffff; object-fit: contain;
    }
    .card strong { color: var(--link); line-height: 1.3; }
    .card span { display: block; margin-top: .3rem; color: var(--quiet); font-size: .85rem; }
    .card .failed { color: var(--string); }
    footer {
      margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--edge); color: var(--quiet);
      font-size: 14px;
    }
    @media print { body { padding: 0; } pre { white-space: pre-wrap; } }
    """

  /// The custom properties that figures take their colours from.
  private static func properties(
    _ colour: KeyPath<(ink: Ink, name: String, light: Colour, dark: Colour), Colour>
  ) -> String {
    Ink.table.map { "  --figure-\($0.name): \($0[keyPath: colour].css);" }.joined(separator: "\n")
  }
}
