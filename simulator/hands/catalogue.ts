/** A state of things that lasts from one hand's doing to the next, through every process. */
export interface KnownState {
  readonly state: string;
  /** Commands of the operator, for a library in /srv/vtl. */
  readonly set: string;
  readonly mend: string;
  /** What `simulator show` says of it: a thing, and how it is. */
  readonly shown: readonly [thing: string, state: string];
  /** What initiators see. */
  readonly seen: string;
}

const vtl = (words: string): string => `strongroom simulator ${words.replace(" ", " /srv/vtl ")}`;

/** Every state that hands can set. docs/SIMULATOR.md tells the same, and a test holds both together and tries each. */
export const stateCatalogue: readonly KnownState[] = [
  {
    state: "unreadable spot", set: vtl("break SR0001L8 spot --objects 0-1"), mend: vtl("mend SR0001L8 spot"), shown: ["SR0001L8", "objects 0 to 1 unreadable"],
    seen: "READ and VERIFY 3/11/00, positioned behind the block; LOCATE and SPACE go past; writing over it heals",
  },
  {
    state: "spot that takes nothing", set: vtl("break SR0001L8 spot --objects 0 --unwritable"), mend: vtl("mend SR0001L8 spot"),
    shown: ["SR0001L8", "objects 0 to 0 unreadable, unwritable"], seen: "as above, and WRITE and WRITE FILEMARKS 3/0C/00",
  },
  {
    state: "weak spot", set: vtl("break SR0001L8 spot --objects 0 --tries 3"), mend: vtl("mend SR0001L8 spot"), shown: ["SR0001L8", "objects 0 to 0 read at try 3"],
    seen: "READ 3/11/00, then at that try 1/17/01 with all data; the tries are counted anew when it is loaded",
  },
  {
    state: "damaged end of data", set: vtl("break SR0001L8 end"), mend: vtl("mend SR0001L8 end"), shown: ["SR0001L8", "end of data damaged"],
    seen: "3/14/03 wherever the end of data is looked for or met; writing makes a new one",
  },
  {
    state: "unreadable chip", set: vtl("break SR0001L8 chip"), mend: vtl("mend SR0001L8 chip"), shown: ["SR0001L8", "chip unreadable"],
    seen: "READ ATTRIBUTE 3/11/12, WRITE ATTRIBUTE 3/0C/0B, two more answers 2/04/01 after loading, TapeAlert 15",
  },
  {
    state: "snapped tape", set: vtl("break SR0001L8 tape"), mend: vtl("mend SR0001L8 tape"), shown: ["SR0001L8", "tape snapped"],
    seen: "3/53/00 from the drive that loads it, 4/53/00 when it shall let go of it, 5/53/03 from the changer, TapeAlert 14; mended, it is on the shelf",
  },
  {
    state: "other label", set: vtl("relabel SR0001L8 SR0002L8"), mend: vtl("relabel SR0001L8"), shown: ["SR0001L8", "labelled SR0002L8"],
    seen: "volume tags with that label, two alike where another cartridge has it",
  },
  {
    state: "label that cannot be read", set: vtl("relabel SR0001L8 --unreadable"), mend: vtl("relabel SR0001L8"), shown: ["SR0001L8", "label unreadable"],
    seen: "the element is an exception, 83/00, and its volume tag empty",
  },
  {
    state: "drive off", set: vtl("power off --drive 0"), mend: vtl("power on --drive 0"), shown: ["drive:0", "off"],
    seen: "no answer; in the changer an exception, 04/12, and 5/3B/18 for movements; on again 6/29/01, without what was not synced and without reservations",
  },
  { state: "library off", set: vtl("power off"), mend: vtl("power on"), shown: ["library", "off"], seen: "the same of all units" },
  {
    state: "cable of a drive out", set: vtl("cable pull --drive 0"), mend: vtl("cable plug --drive 0"), shown: ["drive:0", "cable out"],
    seen: "no answer on any path; put back, everything is as it was",
  },
  { state: "cable of the library out", set: vtl("cable pull"), mend: vtl("cable plug"), shown: ["library", "cable out"], seen: "the same of all units" },
  {
    state: "drive that does not eject", set: vtl("break drive:0 eject"), mend: vtl("mend drive:0 eject"), shown: ["drive:0", "does not eject"],
    seen: "LOAD UNLOAD 4/53/00, 5/53/03 from the changer, TapeAlert 33",
  },
  { state: "fan that stands still", set: vtl("break drive:0 fan"), mend: vtl("mend drive:0 fan"), shown: ["drive:0", "fan stands still"], seen: "TapeAlert 26" },
  { state: "drive that is too hot", set: vtl("break drive:0 heat"), mend: vtl("mend drive:0 heat"), shown: ["drive:0", "too hot"], seen: "TapeAlert 36" },
  {
    state: "soiled head", set: vtl("break drive:0 dirt --slight"), mend: vtl("mend drive:0 dirt"), shown: ["drive:0", "cleaning requested"],
    seen: "every 64th block at a second try, which is counted; REQUEST SENSE 0/00/17, TapeAlert 21; a cleaning cartridge undoes it as well",
  },
  {
    state: "dirty head", set: vtl("break drive:0 dirt"), mend: vtl("mend drive:0 dirt"), shown: ["drive:0", "cleaning required"],
    seen: "every 8th block at a second try, from the 256th on every 32nd fails, WRITE 3/0C/00 and READ 3/11/00; TapeAlert 20; a cleaning cartridge undoes it as well",
  },
  {
    state: "gripper that sticks", set: vtl("break transport:0 gripper"), mend: vtl("mend transport:0 gripper"), shown: ["transport:0", "failing"],
    seen: "MOVE MEDIUM 4/15/01 with the cartridge in hand, then 2/04/03",
  },
  { state: "open door", set: vtl("door open"), mend: vtl("door close"), shown: ["door", "open"], seen: "2/04/03, no element accessible; closed 6/28/00" },
  { state: "open mail door", set: vtl("door open --mail"), mend: vtl("door close --mail"), shown: ["mail door", "open"], seen: "2/3A/02 for movements there; closed 6/28/01" },
  {
    state: "magazine out", set: vtl("magazine out 1"), mend: vtl("magazine in 1"), shown: ["magazine:1", "out"],
    seen: "6/3B/12; its slots are exceptions, 3B/11; put in 6/3B/13",
  },
];
