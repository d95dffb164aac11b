"""Text that would be more than text if a page took it for Markdown, HTML or a template."""

MARKED = [
    "![x](https://evil.example/x.png)",
    "[click me](https://evil.example)",
    "<script>window.hacked = 1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<https://evil.example>",
    "https://evil.example/?a=b",
    "www.evil.example",
    "someone@evil.example",
    "mailto:someone@evil.example",
    ":material/delete: :streamlit: :smile: :+1:",
    ":red[red] :blue-background[blue] :rainbow[all] :small[small] :help[x]",
    "$x^2$ and $$E = mc^2$$",
    "**bold** __bold__ *slanted* _slanted_ ~~gone~~ `code`",
    "a_b_c _d_ __init__ _x_y_ é_é_ snake_case_",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "2) item",
    "> quote",
    "| a | b | --- | --- | 1 | 2 |",
    "&lt;b&gt; &amp; &#42;x&#42;",
    "\\*not\\* [^1] [x]: https://evil.example",
    "```mermaid graph TD; A-->B```",
    "%{x} {0.__class__} ${x} %s",
    "::name[x] :::name x",
]

SENTENCES = [
    "There is no such run; it may have been deleted.",
    "You have 2 unfinished runs, and 2 are the most for one student: wait for one to end, or stop",
    "This image has more than 16 million pixels. Choose a smaller one.",
    "The state of a many-to-one run, 97.5% right, can't be told (0.5 or 1/2?)",
    "batch_size (200) must not be larger than train_images (100).",
]
