/**
 * JSON that is also safe on a terminal. JSON.stringify leaves DEL, C1 controls and invisible formatting characters as they are, and names
 * come from anywhere; as `\uNNNN` they mean the same to every reader (RFC 8259, 7).
 */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  return text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const unsafe = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
