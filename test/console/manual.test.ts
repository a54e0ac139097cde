import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { viewIds } from "../../src/console/state/index.ts";
import { picturesIn, withPictures } from "./pictures/pictures.ts";

const path = fileURLToPath(new URL("../../docs/OPERATING.md", import.meta.url));
const manual = readFileSync(path, "utf8");

describe("the console's chapter in the manual", () => {
  it("shows the console as it is: otherwise run tools/screenshots", async () => {
    await expect(withPictures(manual)).toMatchFileSnapshot(path);
  });

  it("has a picture of every view", () => {
    expect(picturesIn(manual)).toEqual(expect.arrayContaining([...viewIds]));
  });

  it("would be found wrong with one letter changed, and names a picture that nobody draws", () => {
    const at = manual.indexOf("<!-- screen: today -->");
    const altered = `${manual.slice(0, at)}${manual.slice(at).replace("NEEDED", "needed")}`;
    expect(altered).not.toBe(manual);
    expect(withPictures(altered)).toBe(manual);
    expect(() => withPictures("<!-- screen: cellar -->\n<!-- end -->\n")).toThrow("cellar");
  });
});
