export type ColourChoice = "auto" | "always" | "never";

/** Colour repeats what words say already, so leaving it out loses nothing. */
export interface Palette {
  bad(text: string): string;
  strong(text: string): string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** --color first, then NO_COLOR (no-color.org), CLICOLOR_FORCE, TERM=dumb and CLICOLOR (bixense.com/clicolors), then the terminal. */
export function wantsColour(choice: ColourChoice, environment: Environment, isTty: boolean): boolean {
  if (choice !== "auto") return choice === "always";
  if (isSet(environment["NO_COLOR"])) return false;
  const force = environment["CLICOLOR_FORCE"];
  if (isSet(force) && force !== "0") return true;
  if (environment["TERM"] === "dumb" || environment["CLICOLOR"] === "0") return false;
  return isTty;
}

export function palette(colours: boolean): Palette {
  const escape = (code: number, text: string) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
  return { bad: (text) => escape(31, text), strong: (text) => escape(1, text) };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
