// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sfumato {

// The style sheet of reports: a dark neutral surround, against which color is judged.
inline constexpr const char* report_style = R"css(
*{box-sizing:border-box}
html{color-scheme:dark;-webkit-text-size-adjust:100%}
body{margin:0;background:#1c1c1c;color:#d4d4d4;font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main{max-width:1240px;margin:0 auto;padding:40px 24px 64px}
h1,h2,h3{color:#f2f2f2;font-weight:600;line-height:1.25;overflow-wrap:anywhere}
h1{font-size:28px;margin:0 0 10px;letter-spacing:-.01em}
h2{font-size:19px;margin:52px 0 12px;padding-top:18px;border-top:1px solid #343434}
h3{font-size:15px;margin:0}
p{margin:0 0 12px;max-width:76ch}
.lead{font-size:17px;color:#e2e2e2}
.quiet,figcaption,th,.tile span,.tile small{color:#9d9d9d}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:10px;margin:26px 0 0;padding:0}
.tile{background:#262626;border-radius:6px;padding:12px 14px}
.tile span,.tile small{display:block;font-size:12.5px;line-height:1.4}
.tile b{display:block;font-size:24px;line-height:1.35;font-weight:600;color:#fff;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
th{font-weight:500;font-size:12.5px;vertical-align:bottom}
th,td{padding:6px 12px 6px 0;text-align:right;border-bottom:1px solid #303030;white-space:nowrap}
th:first-child,td:first-child{text-align:left}
td:first-child{white-space:normal;overflow-wrap:anywhere;min-width:8em}
tr.marked td{color:#fff;font-weight:600;background:#2b2a26}
tr.marked td:first-child{box-shadow:inset 3px 0 #e8b04b;padding-left:10px}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:20px}
figure{margin:0}
figcaption{font-size:12.5px;padding-top:5px}
.charts figcaption{padding:0 0 6px;color:#e2e2e2;font-size:14px}
.key{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:12.5px;color:#b8b8b8;margin:2px 0 0}
.key i{display:inline-block;width:16px;height:0;border-top:2.5px solid;vertical-align:4px;margin-right:6px}
.key .target{border-top:1.5px dashed #fff}.key .other{border-color:#777}
.key .ours{border:0;height:3px;vertical-align:3px;background:linear-gradient(90deg,#f0726a 33%,#6fcf75 33% 67%,#6fa8ff 67%)}
svg{display:block;width:100%;height:auto}
svg text{font:12px system-ui,"Noto Sans","Liberation Sans",sans-serif;fill:#9d9d9d}
.grid{stroke:#343434}.axis{stroke:#6a6a6a}.frame{fill:#222;stroke:#3a3a3a}
.case{background:#242424;border-radius:8px;padding:16px;margin:0 0 18px}
.case header{display:flex;flex-wrap:wrap;gap:2px 22px;margin-bottom:12px}
.case h3{flex:0 0 100%}
.case header span{font-size:13.5px;font-variant-numeric:tabular-nums;color:#e2e2e2}
.case header em{font-style:normal;color:#9d9d9d}
.pictures{display:grid;grid-template-columns:repeat(var(--across),1fr);gap:10px}
.pictures img{display:block;width:100%;height:auto;background:#000}
.cdfs{display:grid;grid-template-columns:repeat(4,1fr);gap:10px;margin-top:12px}
.cdfs .key{flex-direction:column;justify-content:center;margin:0 0 22px 10px}
.legend{max-width:380px;margin:6px 0 18px}
.bar{height:12px;border-radius:2px}
.ticks{display:flex;justify-content:space-between;font-size:12px;color:#9d9d9d;font-variant-numeric:tabular-nums}
.meter{display:inline-block;width:90px;height:8px;background:#333;border-radius:2px;vertical-align:1px;overflow:hidden}
.meter i{display:block;height:100%;background:#e8b04b}
pre{background:#141414;border-radius:6px;padding:14px 16px;margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 ui-monospace,"DejaVu Sans Mono",monospace;color:#e2e2e2}
details{margin-top:18px}
summary{cursor:pointer;color:#c8c8c8;margin-bottom:10px}
@media (max-width:760px){main{padding:24px 14px 40px}h1{font-size:23px}h2{margin-top:38px}.pictures{grid-template-columns:repeat(2,1fr);gap:8px}.case{padding:12px}.tiles{grid-template-columns:repeat(2,1fr)}table{font-size:13px}th,td{padding-right:9px}.cdfs{grid-template-columns:repeat(3,1fr)}.cdfs .key{grid-column:1/-1;flex-direction:row;justify-content:flex-start;margin:0}}
@media print{html{color-scheme:light}body{background:#fff;color:#222}h1,h2,h3,.tile b,.lead{color:#000}.tile,.case,pre{background:#f2f2f2;color:#222}.case{break-inside:avoid}}
)css";

}  // namespace sfumato
