const slash = 0x2f;
const nameBytesMax = 255;
/** Deeper than any tree that people made; bounds the work that one hostile path can cause. */
const componentsMax = 10_000;

export type Refusal = "PATH_LEAVES_TARGET" | "PATH_INVALID" | "PATH_TOO_LONG";

/**
 * The components of an archived path, from the target down; none for the target itself. Leading slashes and `.` fall away. A
 * `..` is refused
 * rather than resolved: no archive of ours has one, and what it would mean depends on links.
 */
export function componentsOf(path: Uint8Array): readonly Buffer[] | Refusal {
  const bytes = Buffer.from(path.buffer, path.byteOffset, path.byteLength);
  if (bytes.length === 0 || bytes.includes(0)) return "PATH_INVALID";
  const components: Buffer[] = [];
  for (let start = 0; start <= bytes.length;) {
    const found = bytes.indexOf(slash, start);
    const end = found < 0 ? bytes.length : found;
    const component = bytes.subarray(start, end);
    start = end + 1;
    if (component.length === 0 || component.equals(dot)) continue;
    if (component.equals(dotDot)) return "PATH_LEAVES_TARGET";
    if (component.length > nameBytesMax || components.length === componentsMax) return "PATH_TOO_LONG";
    components.push(component);
  }
  return components;
}

const dot = Buffer.from(".");
const dotDot = Buffer.from("..");
