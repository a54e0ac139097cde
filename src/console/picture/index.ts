export { bar, chart, percent } from "./bar.ts";
export { characters, clip, fit, fitLine, inAscii, type Line, line, lineWidth, type Span, span, type Style, widthOf, wrap } from "./line.ts";
export { type Glyphs, look, type Look, type LookName, lookNames, lookOf, type Paint } from "./look.ts";
