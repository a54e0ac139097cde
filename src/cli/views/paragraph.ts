/** What fits on the narrowest terminal that is promised. */
const widthColumns = 80;

/** Lines of at most 80 columns that begin with `head`; the ones below it are indented by as much. Words are never cut. */
export function paragraph(head: string, text: string): readonly string[] {
  const indent = " ".repeat(head.length);
  const lines: string[] = [];
  let line = head;
  for (const word of text.split(" ")) {
    const isFirst = line === head || line === indent;
    if (!isFirst && line.length + 1 + word.length > widthColumns) {
      lines.push(line);
      line = indent + word;
    } else {
      line += isFirst ? word : ` ${word}`;
    }
  }
  return [...lines, line];
}
