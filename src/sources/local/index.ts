export { compareWithBase, type ComparedFacts } from "./compare.ts";
export { LinkGroups } from "./links.ts";
export { compileExclusion, type Exclusion } from "./patterns.ts";
export { resolveRoot, walkLocal, type WalkedChild, type WalkedEntry, type WalkNotice, type WalkOptions } from "./walk.ts";
