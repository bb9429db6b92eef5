//! Names that try to be something else than a name, in every language that a suite is told in.

/// Forty of them.
pub const NAMES: [&str; 40] = [
    "",
    " ",
    "plain",
    "Ein Schlüssel, fünf Stunden → 鍵 🔑",
    "a\nb",
    "a\r\nb\rc",
    "tab\tand\u{b}vertical\u{c}form",
    "\u{0}nul",
    "\u{1b}[31mred\u{1b}[0m\u{1b}]0;title\u{7}",
    "c1 \u{80}\u{85}\u{9b}31m",
    "\u{202e}turned\u{202c}",
    "\u{2066}isolated\u{2069}\u{200b}\u{feff}",
    "line\u{2028}and\u{2029}paragraph",
    "not characters \u{fffe}\u{ffff}\u{fffd}",
    "tags \u{e0041}\u{e007f}",
    "high \u{10ffff}\u{1fffe}",
    "<b>bold</b> & \"quoted\" 'single'",
    "</failure></testcase></testsuite>",
    "]]> <![CDATA[x]]>",
    "<!-- --> <?xml?> &amp; &#0; &lt;",
    "\"/><x y=\"",
    "</pre></details><script>x</script>",
    "# SKIP",
    "x # TODO later",
    "\\# \\\\ \\",
    "ok 1 - x",
    "1..0",
    "Bail out!",
    "---\nx: y\n...",
    "  ...",
    "\"yaml\": \\x41 \\u0041 {a: [b, *c, &d, !e]}",
    "::error file=a,line=1::x",
    "  ::stop-commands::x",
    "##[error]x ##[set-env name=A]b",
    "a,b:c=d%0A%25",
    "%",
    "| a | b |\n|---|",
    "`code` **bold** [x](https://e.example) ![y](z) @someone #12",
    "'; rm -rf $HOME `x` $(y) \\",
    "-- --seed 7",
];

/// What is never in any text that is printed.
pub fn hides(letter: char) -> bool {
    letter != '\n' && (letter.is_control() || ('\u{200b}'..='\u{200f}').contains(&letter))
        || ('\u{2028}'..='\u{202e}').contains(&letter)
        || ('\u{2060}'..='\u{206f}').contains(&letter)
        || letter == '\u{feff}'
}
