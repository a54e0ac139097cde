import { asStrongroomError, printable, type StrongroomError } from "../../words/index.ts";
import { withSuggestion } from "../reading/index.ts";
import type { Call } from "./call.ts";
import type { Command, NameKind } from "./command.ts";
import { knownNames } from "./names.ts";

/** The same command, whose complaints about a name that does not exist say which one was probably meant. */
export function suggesting(command: Command): Command {
  return {
    ...command,
    async run(call) {
      try {
        await command.run(call);
      } catch (thrown) {
        if (!isAboutName(asStrongroomError(thrown))) throw thrown;
        // The complaint itself matters more than advice on it.
        throw await explained(command, call, thrown).catch(() => thrown);
      }
    },
  };
}

/** A cartridge that is not where it was looked for may be away, or mistyped. */
function isAboutName({ kind, code }: StrongroomError): boolean {
  return kind === "missing" || code === "CARTRIDGE_NOT_IN_LIBRARY";
}

async function explained(command: Command, call: Call, thrown: unknown): Promise<unknown> {
  const error = asStrongroomError(thrown);
  const operations = await call.operations();
  for (const [kind, words] of typedNames(command, call)) {
    const known = await knownNames(operations, kind);
    for (const word of words) {
      // Another name on the same line may well be new: only the one that the complaint is about was mistyped.
      if (known.includes(word) || !error.message.includes(printable(word))) continue;
      const better = withSuggestion(error, word, known);
      if (better !== error) return better;
    }
  }
  return thrown;
}

function typedNames({ arguments: declared = [], options = [] }: Command, { typed }: Call): readonly (readonly [NameKind, readonly string[]])[] {
  return [
    ...declared.flatMap(({ name, names }) => (names === undefined ? [] : [[names, typed.arguments(name)] as const])),
    ...options.flatMap(({ flags, names }) => (names === undefined ? [] : [[names, typed.options(flags.split(" ")[0] ?? "")] as const])),
  ];
}
