export { type LineReader, runPlainConsole } from "./run.ts";
