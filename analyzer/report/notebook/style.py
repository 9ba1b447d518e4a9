"""The one style of everything in notebooks."""

# Notebooks have themes that a style cannot ask for, so that nothing here counts on what is behind it.
STYLE = """
.reach { font: 14px/1.5 system-ui, sans-serif; overflow-x: auto; }
.reach h4 { margin: .3rem 0 .6rem; font-size: 1.1em; overflow-wrap: anywhere; }
.reach table { border-collapse: collapse; margin: .5rem 0; }
.reach td, .reach th { text-align: left; vertical-align: top; padding: .15rem .8rem .15rem .4rem; border-bottom: 1px solid #8c959f; }
.reach td, .reach code { font-family: ui-monospace, monospace; font-size: .92em; overflow-wrap: break-word; }
.reach td:first-child, .reach td:last-child:nth-child(3) { white-space: nowrap; }
.reach summary { cursor: pointer; font-weight: 600; }
.reach p.way { line-height: 2.4; overflow-wrap: anywhere; }
.reach p.way span, .reach p.way b { white-space: nowrap; border: 1px solid #8c959f; border-radius: .3rem; padding: .15rem .4rem; }
.reach h4 strong, .reach summary strong, .reach em.word, .reach td.reachable, .reach td.blocked, .reach td.conditional,
.reach td.unknown, .reach p.way b, .reach p.way span.stops { border-radius: .3rem; padding: .1rem .4rem; font-style: normal; }
.reach h4.reachable strong, .reach td.reachable, .reach em.good, .reach p.way.reachable b { background: #116329; color: #fff; }
.reach h4.blocked strong, .reach td.blocked, .reach tr.stops td, .reach em.bad, .reach p.way.blocked b, .reach p.way span.stops
{ background: #a40e26; color: #fff; }
.reach h4.conditional strong, .reach td.conditional, .reach p.way.conditional b { background: #7a4e00; color: #fff; }
.reach h4.unknown strong, .reach td.unknown, .reach em.dim, .reach p.way.unknown b { background: #57606a; color: #fff; }
.reach p.way.blocked span { border-style: dashed; } .reach p.way.conditional span, .reach p.way.unknown span { border-style: dotted; }
"""
