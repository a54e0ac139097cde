import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { iscsi } from "../../../src/scsi/index.ts";
import { discoverIscsiTargets, openIscsiTransports } from "../../../src/transports/iscsi/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { startFakeTarget, type Wire } from "./fake-target.ts";
import { ManualClock } from "./manual-clock.ts";
import { initiator, releaseSettings, settingOf, target, testUnitReady } from "./setting.ts";

const { layout, opcode, stage } = iscsi;
const folder = mkdtempSync(join(tmpdir(), "strongroom-chap-"));
const ours = "our-secret-of-more-than-12";
const theirs = "their-secret-of-more-than-12";
const secretFile = keep("ours", `${ours}\n`);
const targetSecretFile = keep("theirs", theirs);

afterEach(releaseSettings);
afterAll(() => { rmSync(folder, { recursive: true }); });

function keep(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

const chap = { user: "strongroom", secretFile };
const mutual = { ...chap, target: { user: "library", secretFile: targetSecretFile } };

describe("a login that is refused says why:", () => {
  it.each([
    [0x0201, "ISCSI_DENIED"], [0x0202, "ISCSI_DENIED"], [0x0203, "ISCSI_TARGET_MISSING"], [0x0204, "ISCSI_TARGET_MISSING"], [0x0206, "ISCSI_UNAVAILABLE"],
    [0x0301, "ISCSI_UNAVAILABLE"], [0x0302, "ISCSI_UNAVAILABLE"], [0x0200, "ISCSI_LOGIN_FAILED"], [0x0205, "ISCSI_LOGIN_FAILED"], [0x0999, "ISCSI_LOGIN_FAILED"],
  ])("status %i is %s", async (code, expected) => {
    const { units } = await settingOf([async (wire) => { await wire.loginRequest(); wire.answerLogin({ status: code }); await wire.next(); }]);
    await expect(units.transport(1)).rejects.toMatchObject({ code: expected });
  });

  it.each<readonly [string, string, (wire: Wire) => void]>([
    ["hangs up", "ISCSI_UNREACHABLE", (wire) => { wire.socket.destroy(); }],
    ["speaks another version", "ISCSI_LOGIN_FAILED", (wire) => { wire.answerLogin({ versionActive: 1 }); }],
    ["answers another stage", "ISCSI_BREACH", (wire) => { wire.answerLogin({ currentStage: stage.operational }); }],
    ["answers no text", "ISCSI_BREACH", (wire) => { wire.send(opcode.loginResponse, layout.loginResponse, { transit: false, taskTag: 1 }, Buffer.from("nothing")); }],
    ["wants CHAP where there is no account", "ISCSI_DENIED", (wire) => { wire.answerLogin({}, [["AuthMethod", "CHAP"]]); }],
    ["sends something else", "ISCSI_BREACH", (wire) => { wire.send(opcode.nopIn, layout.nopIn, {}); }],
    ["sends a data segment without end", "ISCSI_GARBLED", (wire) => { wire.socket.write(Buffer.from(`2300000000ffffff${"00".repeat(40)}`, "hex")); }],
  ])("the target %s: %s", async (_what, code, answer) => {
    const { units } = await settingOf([async (wire) => { await wire.loginRequest(); answer(wire); await wire.next(); }]);
    await expect(units.transport(1)).rejects.toMatchObject({ code });
  });

  it.each([
    ["MaxBurstLength", "16777215"], ["MaxBurstLength", "none"], ["HeaderDigest", "CRC32C"], ["ErrorRecoveryLevel", "2"], ["MaxRecvDataSegmentLength", "1"],
  ])("the target settles on %s=%s", async (key, value) => {
    const { units } = await settingOf([async (wire) => { await wire.login([[key, value]]); await wire.next(); }]);
    await expect(units.transport(1)).rejects.toMatchObject({ code: "ISCSI_BREACH" });
  });

  it("nobody listens, and nobody answers", async () => {
    const fake = await startFakeTarget();
    await fake.close();
    const options = { portal: fake.portal, target, initiator, random: systemRandom };
    await expect(openIscsiTransports({ ...options, clock: new ManualClock() }).transport(1)).rejects.toMatchObject({ code: "ISCSI_UNREACHABLE" });
    const { units, clock } = await settingOf([async (wire) => { await wire.next(); await wire.next(); }]);
    const outcome = expect(units.transport(1)).rejects.toMatchObject({ code: "ISCSI_UNREACHABLE", kind: "temporary" });
    await clock.pass(31_000);
    await outcome;
  });

  it("a target that talks on and on", async () => {
    const { units } = await settingOf([async (wire) => {
      while (!wire.closed && (await wire.next())) wire.answerLogin({ more: true }, [["TargetAlias", "a"]]);
    }]);
    await expect(units.transport(1)).rejects.toMatchObject({ code: "ISCSI_BREACH" });
  });

  it("digests that are required and not there", async () => {
    const { units } = await settingOf([async (wire) => { await wire.login([["HeaderDigest", "Reject"]]); await wire.next(); }], { digests: "required" });
    await expect(units.transport(1)).rejects.toMatchObject({ code: "ISCSI_LOGIN_FAILED" });
  });

  it("names that are none, before anything is sent", () => {
    const options = { portal: "host", target, initiator, random: systemRandom, clock: new ManualClock() };
    expect(() => openIscsiTransports({ ...options, target: "disk" })).toThrow(expect.objectContaining({ code: "ISCSI_NAME" }) as Error);
    expect(() => openIscsiTransports({ ...options, portal: "a b" })).toThrow(expect.objectContaining({ code: "ISCSI_PORTAL" }) as Error);
  });
});

describe("a login", () => {
  it("answers what the target asks, and takes texts in pieces", async () => {
    let replies: ReadonlyMap<string, string> | undefined;
    const { units } = await settingOf([async (wire) => {
      await wire.loginRequest();
      wire.answerLogin({ transit: true, currentStage: stage.security, nextStage: stage.operational }, [["TargetPortalGroupTag", "1"]]);
      await wire.loginRequest();
      const text = iscsi.encodeText([["TaskReporting", "RFC3720"], ["X-com.example.wish", "1"], ["TargetAlias", "library"]]);
      for (const [part, more] of [[text.subarray(0, 5), true], [text.subarray(5), false]] as const) {
        wire.send(opcode.loginResponse, layout.loginResponse, { transit: false, more, currentStage: stage.operational, taskTag: 1 }, part);
        wire.statSn += 1;
        replies = (await wire.loginRequest()).keys;
      }
      wire.answerLogin({ transit: true, currentStage: stage.operational, nextStage: stage.fullFeature });
      wire.respond((await wire.command()).taskTag);
      await wire.next();
    }]);
    expect(await (await units.transport(1)).execute(testUnitReady)).toMatchObject({ status: 0 });
    expect(replies).toEqual(new Map([["TaskReporting", "RFC3720"], ["X-com.example.wish", "NotUnderstood"]]));
  });

  it("goes where the target sends it, but not round and round", async () => {
    const there = await startFakeTarget(async (wire) => { await wire.login(); await wire.next(); });
    const away = (portal: string) => async (wire: Wire) => {
      await wire.loginRequest();
      wire.answerLogin({ status: iscsi.loginStatus.movedTemporarily }, [["TargetAddress", `${portal},1`]]);
      await wire.next();
    };
    const { units } = await settingOf([away(there.portal)]);
    const unit = await units.transport(1);
    await there.close();
    await unit.close();
    const round = await startFakeTarget(...Array.from({ length: 9 }, () => async (wire: Wire) => { await away(round.portal)(wire); }));
    const dizzy = openIscsiTransports({ portal: round.portal, target, initiator, random: systemRandom, clock: new ManualClock() });
    await expect(dizzy.transport(1)).rejects.toMatchObject({ code: "ISCSI_LOGIN_FAILED" });
    await round.close();
  });
});

/** The target's side of CHAP. */
async function authenticate(wire: Wire, number: number, answer: (challenge: Uint8Array, identifier: number) => readonly iscsi.Pair[]): Promise<boolean> {
  const first = await wire.loginRequest();
  expect(first.keys.get("AuthMethod")?.split(",")[0]).toBe("CHAP");
  wire.answerLogin({}, [["AuthMethod", "CHAP"]]);
  expect((await wire.loginRequest()).keys.get("CHAP_A")).toBe("7,5");
  const challenge = Uint8Array.from({ length: 24 }, (_, at) => at);
  wire.answerLogin({}, [["CHAP_A", String(number)], ["CHAP_I", "9"], ["CHAP_C", iscsi.encodeBinary(challenge)]]);
  const { keys } = await wire.loginRequest();
  const algorithm = iscsi.chapAlgorithms.find((each) => each.number === number)!;
  const expected = iscsi.encodeBinary(iscsi.chapResponse(algorithm, 9, Buffer.from(ours), challenge));
  const isRight = keys.get("CHAP_R") === expected && keys.get("CHAP_N") === "strongroom";
  const pairs = answer(iscsi.decodeBinary(keys.get("CHAP_C") ?? "", 1024) ?? new Uint8Array(0), Number(keys.get("CHAP_I")));
  wire.answerLogin({ transit: true, currentStage: stage.security, nextStage: stage.operational }, pairs);
  return isRight;
}

describe("CHAP", () => {
  it.each([7, 5])("proves who we are with algorithm %i", async (number) => {
    let isRight = false;
    const { units } = await settingOf([async (wire) => {
      isRight = await authenticate(wire, number, () => []);
      await wire.negotiate();
      await wire.next();
    }], { chap });
    await units.transport(1);
    expect(isRight).toBe(true);
  });

  it("is tried with MD5 where the target means something else by SHA-256, and only there", async () => {
    const offers: (string | undefined)[] = [];
    const refusing = (number: string) => async (wire: Wire) => {
      await wire.loginRequest();
      wire.answerLogin({}, [["AuthMethod", "CHAP"]]);
      offers.push((await wire.loginRequest()).keys.get("CHAP_A"));
      wire.answerLogin({}, [["CHAP_A", number], ["CHAP_I", "1"], ["CHAP_C", "0x0102"]]);
      await wire.loginRequest();
      wire.answerLogin({ status: iscsi.loginStatus.initiatorError });
      await wire.next();
    };
    const { units } = await settingOf([refusing("7"), refusing("5"), refusing("5")], { chap });
    await expect(units.transport(1)).rejects.toMatchObject({ code: "ISCSI_LOGIN_FAILED" });
    expect(offers).toEqual(["7,5", "5"]);
  });

  it.each([["proves itself", theirs, "library", undefined], ["has another secret", "another-secret", "library", "ISCSI_DENIED"], ["has another name", theirs, "other", "ISCSI_DENIED"]])(
    "finds out whether the target %s",
    async (_what, secret, user, code) => {
      const { units } = await settingOf([async (wire) => {
        await authenticate(wire, 7, (challenge, identifier) => {
          const response = iscsi.chapResponse(iscsi.chapAlgorithms[0], identifier, Buffer.from(secret), challenge);
          return [["CHAP_N", user], ["CHAP_R", iscsi.encodeBinary(response)]];
        });
        if (code === undefined) await wire.negotiate();
        await wire.next();
      }], { chap: mutual });
      const opened = units.transport(1);
      if (code === undefined) await opened;
      else await expect(opened).rejects.toMatchObject({ code });
    },
  );

  it("does not go on with a target that must prove itself and does not", async () => {
    const silent = await settingOf([async (wire) => { await authenticate(wire, 7, () => []); await wire.next(); }], { chap: mutual });
    await expect(silent.units.transport(1)).rejects.toMatchObject({ code: "ISCSI_DENIED" });
    const without = await settingOf([async (wire) => { await wire.loginRequest(); wire.answerLogin({}, [["AuthMethod", "None"]]); await wire.next(); }], { chap: mutual });
    await expect(without.units.transport(1)).rejects.toMatchObject({ code: "ISCSI_DENIED" });
  });

  it("is done without where the target wants none", async () => {
    const { units } = await settingOf([async (wire) => {
      await wire.loginRequest();
      wire.answerLogin({}, [["AuthMethod", "None"]]);
      expect((await wire.loginRequest()).transit).toBe(true);
      wire.answerLogin({ transit: true, currentStage: stage.security, nextStage: stage.operational });
      await wire.negotiate();
      await wire.next();
    }], { chap });
    await units.transport(1);
  });

  it.each([
    ["others can read", () => keep("open", ours, 0o644)], ["is too short", () => keep("short", "eleven-char")], ["is too long", () => keep("long", "x".repeat(256))],
    ["is not there", () => join(folder, "nothing")], ["is a folder", () => folder],
  ])("refuses a secret file that %s", async (_what, path) => {
    const { units } = await settingOf([], { chap: { user: "strongroom", secretFile: path() } });
    await expect(units.transport(1)).rejects.toMatchObject({ code: "ISCSI_SECRET_UNUSABLE", kind: "usage" });
  });

  it("refuses one secret for both ways", async () => {
    const { units } = await settingOf([], { chap: { ...chap, target: { user: "library", secretFile } } });
    await expect(units.transport(1)).rejects.toMatchObject({ code: "ISCSI_SECRET_UNUSABLE" });
  });
});

describe("discovery", () => {
  it("gathers a list that comes in pieces, and leaves out names that are none", async () => {
    const fake = await startFakeTarget(async (wire) => {
      const { keys } = await wire.login();
      expect([keys.get("SessionType"), keys.has("TargetName")]).toEqual(["Discovery", false]);
      const list: readonly iscsi.Pair[] = [
        ["TargetName", "iqn.2026-11.test:one"], ["TargetAddress", "10.0.0.1:3260,1"], ["TargetAddress", "[fe80::1]:860,2"], ["TargetName", "iqn.2026-11.test:two"], ["TargetName", "bad\u001b[2J"],
      ];
      const text = iscsi.encodeText(list);
      const asked = await wire.expect(opcode.textRequest, layout.textRequest);
      expect([Buffer.from(asked.data).toString(), asked.transferTag]).toEqual(["SendTargets=All\0", iscsi.noTag]);
      wire.send(opcode.textResponse, layout.textResponse, { taskTag: asked.taskTag, final: false, more: true, transferTag: 5 }, text.subarray(0, 30));
      const again = await wire.expect(opcode.textRequest, layout.textRequest);
      expect([again.data.length, again.transferTag]).toEqual([0, 5]);
      wire.send(opcode.textResponse, layout.textResponse, { taskTag: again.taskTag, transferTag: iscsi.noTag }, text.subarray(30));
      const logout = await wire.expect(opcode.logoutRequest, layout.logoutRequest);
      wire.send(opcode.logoutResponse, layout.logoutResponse, { taskTag: logout.taskTag });
      await wire.next();
    });
    const found = await discoverIscsiTargets({ portal: fake.portal, initiator, clock: new ManualClock(), random: systemRandom });
    expect(found).toEqual([
      { name: "iqn.2026-11.test:one", portals: ["10.0.0.1:3260", "[fe80::1]:860"] },
      { name: "iqn.2026-11.test:two", portals: [fake.portal] },
    ]);
    await fake.close();
  });
});
