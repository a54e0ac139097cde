import fc from "fast-check";
import { expect, it } from "vitest";
import { createLibrary, createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { loaded, oneCartridge, temporaryFolder } from "./initiator.ts";
import { join } from "node:path";

type Step =
  | { readonly kind: "write"; readonly size: number; readonly value: number }
  | { readonly kind: "marks"; readonly count: number }
  | { readonly kind: "read" }
  | { readonly kind: "space"; readonly code: number; readonly count: number }
  | { readonly kind: "locate"; readonly object: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("write" as const), size: fc.integer({ min: 1, max: 4 }), value: fc.nat(255) }),
  fc.record({ kind: fc.constant("marks" as const), count: fc.nat(3) }),
  fc.record({ kind: fc.constant("read" as const) }),
  fc.record({ kind: fc.constant("space" as const), code: fc.constantFrom(0, 1, 2, 3), count: fc.integer({ min: -5, max: 5 }) }),
  fc.record({ kind: fc.constant("locate" as const), object: fc.nat(20) }),
);

/** A tape as one would draw it: a list of blocks and marks (null), walked one step at a time. */
class PlainTape {
  objects: (Uint8Array | null)[] = [];
  at = 0;

  apply(one: Step): { sense: string; data?: Uint8Array } {
    switch (one.kind) {
      case "write":
        return this.#put([new Uint8Array(one.size).fill(one.value)]);
      case "marks":
        return one.count === 0 ? { sense: "good" } : this.#put(new Array<null>(one.count).fill(null));
      case "read": {
        const object = this.objects[this.at];
        if (object === undefined) return { sense: "8/00/05 info=8" };
        this.at += 1;
        return object === null ? { sense: "0/00/01 FM info=8" } : { sense: "good", data: object };
      }
      case "space":
        return { sense: one.code === 3 ? this.#toEnd() : this.#space(one.code, one.count) };
      case "locate":
        this.at = Math.min(one.object, this.objects.length);
        return { sense: one.object > this.objects.length ? "8/00/05" : "good" };
    }
  }

  #put(objects: (Uint8Array | null)[]): { sense: string } {
    this.objects = [...this.objects.slice(0, this.at), ...objects];
    this.at = this.objects.length;
    return { sense: "good" };
  }

  #toEnd(): string {
    this.at = this.objects.length;
    return "good";
  }

  #space(code: number, count: number): string {
    const direction = Math.sign(count);
    let left = Math.abs(count);
    let inARow = 0;
    while (left > 0) {
      const object = direction > 0 ? this.objects[this.at] : this.objects[this.at - 1];
      const residual = code === 2 ? Math.abs(count) : left;
      if (object === undefined) return direction > 0 ? `8/00/05 info=${residual}` : `0/00/04 EOM info=${residual}`;
      this.at += direction;
      if (code === 0 && object === null) return `0/00/01 FM info=${left}`;
      if (code === 0) left -= 1;
      if (code === 1 && object === null) left -= 1;
      inARow = object === null ? inARow + 1 : 0;
      if (code === 2 && inARow === Math.abs(count)) return "good";
    }
    return "good";
  }
}

async function agrees(library: VirtualLibrary, steps: readonly Step[]): Promise<void> {
  const { drive } = await loaded(library);
  const model = new PlainTape();
  for (const one of steps) {
    const expected = model.apply(one);
    if (one.kind === "read") {
      const { sense, data } = await drive.read(8, 2);
      expect({ one, sense, data: data.length > 0 ? data : undefined }).toEqual({
        one,
        sense: expected.sense,
        data: expected.data,
      });
    } else {
      const sense =
        one.kind === "write"
          ? await drive.write(new Uint8Array(one.size).fill(one.value))
          : one.kind === "marks"
            ? await drive.marks(one.count)
            : one.kind === "space"
              ? await drive.space(one.code, one.count)
              : await drive.locate(one.object);
      expect({ one, sense }).toEqual({ one, sense: expected.sense });
    }
    const marks = model.objects.slice(0, model.at).filter((object) => object === null).length;
    expect({ one, ...(await drive.position()) }).toEqual({
      one,
      object: model.at,
      file: marks,
      flags: model.at === 0 ? 0x80 : 0,
    });
  }
}

it("agrees with a list of objects, in memory", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const library = await createMemoryLibrary(oneCartridge, systemRandom);
      await agrees(library, steps);
      await library.close();
    }),
    { numRuns: 300 },
  );
});

it("agrees with a list of objects, in a folder", async () => {
  const folder = temporaryFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const library = await createLibrary(join(folder, String(run++)), oneCartridge, systemRandom);
      await agrees(library, steps);
      await library.close();
    }),
    { numRuns: 20 },
  );
});
