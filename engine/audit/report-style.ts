/** The report's whole style sheet: light and dark as the system has it, and plain on paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --bg: #fbfbfa; --ink: #1f2328; --dim: #5c6168; --line: #e2e1dd; --raise: #ffffff;
  --right: #8fb39e; --future: #b3261e; --stale: #955400; --wrong: #4a3aa7; --not_decidable: #6d727a; --ok: #2a7347; }
@media (prefers-color-scheme: dark) { :root { --bg: #16181b; --ink: #e4e6e9; --dim: #a5acb5; --line: #2e3339;
  --raise: #202429; --right: #4d7a60; --future: #ff8a80; --stale: #e0a458; --wrong: #a79bff; --not_decidable: #9aa0a9;
  --ok: #6cc394; } }
@media print { :root { color-scheme: light; --bg: #ffffff; --ink: #000000; --dim: #444444; --line: #bbbbbb; --raise: #ffffff;
  --right: #8fb39e; --future: #b3261e; --stale: #955400; --wrong: #4a3aa7; --not_decidable: #6d727a; --ok: #2a7347; }
  section { break-inside: avoid; } body { padding: 0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1280px; padding: 28px 24px 48px; background: var(--bg); color: var(--ink);
  font: 14px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 21px; } h2 { margin: 32px 0 6px; font-size: 16px; } p { margin: 4px 0; }
.dim { color: var(--dim); } code, td.value { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12.5px; }
.verdict { margin: 20px 0 4px; font-size: 18px; font-weight: 600; } .past { color: var(--future); } .within { color: var(--ok); }
.scroll { overflow-x: auto; } table { width: 100%; border-collapse: collapse; background: var(--raise); }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--dim); font-size: 12px; font-weight: 500; } td.value { overflow-wrap: anywhere; }
.right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 0; padding: 0; list-style: none; font-size: 13px; }
.legend svg { vertical-align: -2px; margin-right: 6px; } svg { display: inline-block; }
ul.plain { margin: 6px 0; padding-left: 20px; }
`;
