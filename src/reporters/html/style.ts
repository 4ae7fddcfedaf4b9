/** The page's own style: readable on a screen, in the dark, on a phone and on paper. Every text colour has a contrast of 4.5 : 1 or more. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1f2937; --dim: #5b6472; --paper: #ffffff; --line: #e2e5ea; --soft: #f6f7f9; --good: #047857; --bad: #b91c1c; --open: #92400e; --bar: #1d4ed8; --focus: #1d4ed8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e5e7eb; --dim: #a3abb8; --paper: #14171c; --line: #333a45; --soft: #1c2027; --good: #34d399; --bad: #f87171; --open: #fbbf24; --bar: #60a5fa; --focus: #60a5fa; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 78rem; padding: 1.5rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: break-word; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0; } h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; } h4 { font-size: .85rem; margin: .5rem 0 0; color: var(--dim); }
header p { margin: .15rem 0 1rem; }
.verdict { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: center; padding: 1rem; border: 1px solid var(--line); border-left: .5rem solid var(--open); background: var(--soft); border-radius: .4rem; }
.verdict.pass { border-left-color: var(--good); } .verdict.fail, .verdict.invalid { border-left-color: var(--bad); }
.verdict strong { font-size: 1.5rem; color: var(--open); } .verdict.pass strong { color: var(--good); } .verdict.fail strong, .verdict.invalid strong { color: var(--bad); }
.verdict p { margin: 0; flex: 1 1 20rem; font-size: 1.05rem; min-width: 0; }
.pass-text { color: var(--good); } .fail-text { color: var(--bad); } .open-text { color: var(--open); } .dim { color: var(--dim); }
.scroll { overflow-x: auto; margin: .75rem 0 1.25rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; } th { color: var(--dim); font-weight: 600; white-space: nowrap; }
td:first-child { white-space: nowrap; } td .dim { font-size: .92em; } td:nth-child(2) { min-width: 14rem; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; min-width: 0; } .inner { padding-left: 1.25rem; }
code { font-size: .95em; overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.25rem; }
figure { margin: 0; min-width: 0; padding: .75rem; border: 1px solid var(--line); border-radius: .4rem; } figcaption { font-weight: 600; } figcaption .dim { font-weight: 400; }
.chart { min-height: 230px; } .limits { margin: .25rem 0 0; font-size: .8rem; display: flex; flex-wrap: wrap; gap: 0 1rem; }
.limits span { overflow-wrap: anywhere; min-width: 0; } .limit { color: var(--bad); } .limit::before { content: "╌ "; } .sign { color: var(--open); } .sign::before { content: "┈ "; }
.u-legend { font-size: .8rem; text-align: left; } .u-legend.u-inline .u-value { min-width: 2.5em; display: inline-block; text-align: left; } .u-legend.u-inline .u-series > * { padding: 2px; } .u-legend th { white-space: normal; overflow-wrap: anywhere; color: var(--ink); font-weight: 400; }
.u-legend.u-inline .u-series th::after { content: ""; } .u-legend .u-series:first-child:has(.u-value:empty) { display: none; } .u-legend th, .u-legend td { border: 0; } .u-select { background: rgba(128, 128, 128, .25); } .u-cursor-x, .u-cursor-y { border-color: var(--dim) !important; }
.cause { border: 1px solid var(--line); border-left: .25rem solid var(--open); border-radius: .4rem; padding: .25rem 1rem; margin: .5rem 0; } .cause.fail { border-left-color: var(--bad); }
.cause p { margin: .4rem 0; } .signs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 2rem; }
button { font: inherit; font-size: .85rem; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: .3rem; padding: .2rem .6rem; cursor: pointer; } button:hover { background: var(--soft); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.controls { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; margin: .5rem 0 1rem; font-size: .85rem; } .controls .dim { flex: 1 1 16rem; } .copy { display: block; position: relative; margin: .25rem 0 -2.1rem auto; font-size: .75rem; color: var(--dim); } .verdict .copy { margin: 0; font-size: .85rem; }
.timeline { grid-template-columns: 1fr; gap: .75rem; } .timeline .chart { min-height: 170px; }
.said { list-style: none; padding: 0; margin: .1rem 0 .25rem; font-size: .85rem; } .for, .against { display: inline-block; min-width: 3.4rem; font-weight: 600; } .for { color: var(--bad); } .against { color: var(--good); }
.said-now { font-size: .8rem; margin: 0; min-height: 1.2em; } .said-now:empty { position: absolute; } .tall { max-height: 22rem; overflow: auto; } .data, .assumed { margin: .15rem 0 0; } .assumed summary { font-size: .92em; } .assumed p { margin: 0 0 .25rem; } .data summary, .still summary, .assumed summary { font-weight: 400; color: var(--dim); }
.u-legend th[role=button] { cursor: pointer; }
svg { width: 100%; height: auto; display: block; } .bar { fill: var(--bar); } .bar.pale { opacity: .55; } .mark { fill: var(--ink); } .tick, .name { fill: var(--dim); font-size: 11px; } .name { fill: var(--ink); font-size: 12px; } .name.strong { font-weight: 600; } .grid { stroke: var(--line); }
details { margin: .75rem 0; } summary { font-weight: 600; font-size: .9rem; cursor: pointer; }
ul { margin: .25rem 0; padding-left: 1.2rem; }
dl { display: grid; grid-template-columns: fit-content(35%) minmax(0, 1fr); gap: .2rem 1rem; } dt { color: var(--dim); overflow-wrap: anywhere; } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) { body { padding: 1rem .75rem; } figure { padding: .5rem; } th, td { padding: .3rem .4rem; } td:nth-child(2) { min-width: 8.5rem; } .word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } .scroll { position: relative; } }
@media print { html { font-size: 10.5px; } td:nth-child(2) { min-width: 9rem; } th, td { padding: .2rem .35rem; } .assumed p, .u-legend .u-value { display: none; } details::details-content { content-visibility: visible; display: block; height: auto; } :root { --ink: #000; --dim: #444; --paper: #fff; --line: #bbb; --soft: #fff; --good: #047857; --bad: #b91c1c; --open: #92400e; --bar: #1d4ed8; } .controls, .copy, .data { display: none; } body { max-width: none; padding: 0; font-size: 11px; } .charts:not(.timeline) { grid-template-columns: 1fr 1fr; } .chart, .timeline .chart { min-height: 0; } .uplot, .u-wrap { width: 100% !important; height: auto !important; } .u-wrap canvas { position: static !important; width: 100% !important; height: auto !important; } .u-under, .u-over, .u-axis { display: none; } .scroll { overflow: visible; } figure, .cause, tr, .verdict { break-inside: avoid; } h2 { break-after: avoid; } }
`;
