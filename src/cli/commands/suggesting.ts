import { asStrongroomError } from "../../words/index.ts";
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
        if (asStrongroomError(thrown).kind !== "missing") throw thrown;
        // The complaint itself matters more than advice on it.
        throw await explained(command, call, thrown).catch(() => thrown);
      }
    },
  };
}

async function explained(command: Command, call: Call, thrown: unknown): Promise<unknown> {
  const error = asStrongroomError(thrown);
  const operations = await call.operations();
  for (const [kind, words] of typedNames(command, call)) {
    const known = await knownNames(operations, kind);
    for (const word of words) {
      if (known.includes(word)) continue;
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
