/** The page's own style: readable on a screen, in the dark, on a phone and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1f2937; --dim: #5b6472; --paper: #ffffff; --line: #e2e5ea; --soft: #f6f7f9; --good: #047857; --bad: #b91c1c; --open: #92400e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e5e7eb; --dim: #a3abb8; --paper: #14171c; --line: #333a45; --soft: #1c2027; --good: #34d399; --bad: #f87171; --open: #fbbf24; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 74rem; padding: 1.5rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
.verdict { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; padding: 1rem; border: 1px solid var(--line); border-left: .5rem solid var(--open); background: var(--soft); border-radius: .4rem; }
.verdict.pass { border-left-color: var(--good); } .verdict.fail, .verdict.invalid { border-left-color: var(--bad); }
.verdict strong { font-size: 1.5rem; } .verdict p { margin: 0; flex: 1 1 20rem; }
.pass-text { color: var(--good); } .fail-text { color: var(--bad); } .open-text { color: var(--open); } .dim { color: var(--dim); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--dim); font-weight: 600; } td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font-size: .9em; overflow-wrap: anywhere; } figure { margin: 1rem 0; } figcaption { font-weight: 600; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 32rem), 1fr)); gap: 1rem; } .charts figure { min-width: 0; margin: 0; }
.cause { border: 1px solid var(--line); border-radius: .4rem; padding: .5rem 1rem; margin: .5rem 0; } .cause ul { margin: .25rem 0; padding-left: 1.2rem; }
.u-legend { font-size: .8rem; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
@media print { body { max-width: none; padding: 0; } .charts { display: block; } figure, .cause, tr { break-inside: avoid; } }
`;
