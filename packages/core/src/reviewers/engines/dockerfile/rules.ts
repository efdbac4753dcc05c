/** Rules on Dockerfiles, each with what finds it among the instructions. */
import type { Dockerfile, Instruction } from "dockerfile-ast";
import type { RuleEntry } from "../rule-docs";

/** An instruction that a finding is at, with what the rule wants to say in place of its title. */
export type DockerfileRule = RuleEntry & {
  source: string;
  find: (file: Dockerfile) => Instruction[];
};

const hadolint = "https://github.com/hadolint/hadolint/wiki/DL";
const base = "FROM debian:12\n";

const named = (file: Dockerfile, keyword: string): Instruction[] =>
  file.getInstructions().filter((each) => each.getKeyword() === keyword);

/** The commands of a RUN without the line ends in them. */
const scriptOf = (run: Instruction): string => (run.getRawArgumentsContent() ?? "").replace(/\\\r?\n/g, " ");

const runs = (pattern: RegExp, except?: RegExp) => (file: Dockerfile) =>
  named(file, "RUN").filter((run) => pattern.test(scriptOf(run)) && !except?.test(scriptOf(run)));

/** All but the last of an instruction that counts once in a stage. */
const overridden = (keyword: string) => (file: Dockerfile) => {
  const found: Instruction[] = [];
  let last: Instruction | undefined;
  for (const each of file.getInstructions()) {
    if (each.getKeyword() === "FROM") last = undefined;
    if (each.getKeyword() !== keyword) continue;
    if (last) found.push(last);
    last = each;
  }
  return found;
};

const stagesOf = (file: Dockerfile): string[] =>
  file.getFROMs().flatMap((from) => from.getBuildStage()?.toLowerCase() ?? []);

export const dockerfileRules: readonly DockerfileRule[] = [
  {
    id: "piped-to-shell",
    severity: "minor",
    title: "Runs what the network answers",
    why: "Whoever controls the server or the connection decides what is in the image, and a build next month may get something else. Download it, check its hash, then run it.",
    source: `${hadolint}4006`,
    find: runs(
      /(?:^|[\s;&(])(?:curl|wget)\s[^|;]*https?:[^|;]*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:\/(?:usr\/)?bin\/)?(?:ba|z|da)?sh\b/,
    ),
    bad: `${base}RUN curl -sSL https://example.com/install.sh | sh\n`,
    good: `${base}RUN curl -sSLo install.sh https://example.com/install.sh && echo "$HASH install.sh" | sha256sum -c && sh install.sh\n`,
  },
  {
    id: "latest-image",
    severity: "minor",
    title: "Builds on whatever is newest",
    why: "The next build may get another system, and nobody can build this one again. Name a version.",
    source: `${hadolint}3007`,
    find: (file) => {
      const stages = stagesOf(file);
      return file.getFROMs().filter((from) => {
        const name = from.getImageName()?.toLowerCase() ?? "";
        return from.getImageTag() === "latest" && !from.getImageDigest() && !stages.includes(name);
      });
    },
    bad: "FROM debian:latest\n",
    good: base,
  },
  {
    id: "untagged-image",
    severity: "minor",
    title: "Builds on whatever is newest",
    why: "Without a tag it is `latest`: the next build may get another system. Name a version.",
    source: `${hadolint}3006`,
    find: (file) => {
      const stages = stagesOf(file);
      return file.getFROMs().filter((from) => {
        const image = from.getImage() ?? "";
        return (
          /^[\w./-]+$/.test(image) &&
          !/[:@$]/.test(image) &&
          image !== "scratch" &&
          !stages.includes(image.toLowerCase())
        );
      });
    },
    bad: "FROM debian\n",
    good: base,
  },
  {
    id: "confirmed-by-nobody",
    severity: "major",
    title: "Asks before it installs, and nobody answers",
    why: "A build has no keyboard: apt-get stops with an error at its question. Say `-y`.",
    source: `${hadolint}3014`,
    find: runs(
      /\bapt-get\s+(?:-\S+\s+)*install\b(?![^;&|]*(?:\s-\w*[yq]\w*|--yes|--assume-yes|--download-only|\$))/,
      /apt-get\s+(?:-\S+\s+)*(?:-\w*y|--yes|--assume-yes)|Assume-Yes|yes\s*\|/,
    ),
    bad: `${base}RUN apt-get update && apt-get install curl\n`,
    good: `${base}RUN apt-get update && apt-get install -y curl\n`,
  },
  {
    id: "stale-package-list",
    severity: "minor",
    title: "The list of packages gets old in its layer",
    why: "The layer is reused in later builds, which then ask for versions that are gone. Update and install in one RUN.",
    source: "https://docs.docker.com/build/building/best-practices/#apt-get",
    find: runs(/^\s*(?:sudo\s+)?apt-get\s+(?:-\S+\s+)*update(?:\s+-\S+)*\s*$/),
    bad: `${base}RUN apt-get update\n`,
    good: `${base}RUN apt-get update && apt-get install -y curl\n`,
  },
  {
    id: "overridden-command",
    severity: "minor",
    title: "A later CMD takes its place",
    why: "Only the last CMD of a stage counts.",
    source: `${hadolint}4003`,
    find: overridden("CMD"),
    bad: `${base}CMD ["shop"]\nCMD ["shop", "--open"]\n`,
    good: `${base}CMD ["shop", "--open"]\n`,
  },
  {
    id: "overridden-entrypoint",
    severity: "minor",
    title: "A later ENTRYPOINT takes its place",
    why: "Only the last ENTRYPOINT of a stage counts.",
    source: `${hadolint}4004`,
    find: overridden("ENTRYPOINT"),
    bad: `${base}ENTRYPOINT ["shop"]\nENTRYPOINT ["shop", "--open"]\n`,
    good: `${base}ENTRYPOINT ["shop", "--open"]\n`,
  },
  {
    id: "repeated-stage",
    severity: "major",
    title: "Another stage has this name",
    why: "`COPY --from` of the name takes the files of one of them. Give each its own.",
    source: `${hadolint}3024`,
    find: (file) => {
      const seen = new Set<string>();
      return file.getFROMs().filter((from) => {
        const stage = from.getBuildStage()?.toLowerCase();
        return stage !== undefined && (seen.has(stage) || !seen.add(stage));
      });
    },
    bad: "FROM debian:12 AS build\nFROM debian:12 AS build\n",
    good: "FROM debian:12 AS build\nFROM debian:12 AS run\n",
  },
  {
    id: "copied-into-file",
    severity: "major",
    title: "Several files are copied into one",
    why: "With more than one source the target has to be a folder, written with a `/` at its end: the build fails.",
    source: `${hadolint}3021`,
    find: (file) =>
      [...named(file, "COPY"), ...named(file, "ADD")].filter((copy) => {
        const args = copy.getArguments().map((argument) => argument.getValue());
        const paths = args.filter((arg) => !arg.startsWith("--"));
        const target = paths.at(-1) ?? "";
        return (
          !/[[<]/.test(copy.getRawArgumentsContent() ?? "") && paths.length > 2 && !/\/$|^\.{1,2}$|\$|["']/.test(target)
        );
      }),
    bad: `${base}COPY orders.csv prices.csv /srv/shop\n`,
    good: `${base}COPY orders.csv prices.csv /srv/shop/\n`,
  },
  {
    id: "added-file",
    severity: "nit",
    title: "COPY says what is meant",
    why: "ADD also unpacks archives and downloads: for plain files COPY does only what it says.",
    source: `${hadolint}3020`,
    find: (file) =>
      named(file, "ADD").filter((add) => {
        const paths = add.getArguments().map((argument) => argument.getValue());
        const sources = paths.filter((path) => !path.startsWith("--")).slice(0, -1);
        const isPlain = (path: string) =>
          !/^(?:https?|ftp|git)[:@]|\.(?:tar|t?gz|tgz|bz2|tbz2|xz|txz|zst|zip)\b|[$*?[<]|\.git$/.test(path);
        return (
          sources.length > 0 &&
          sources.every(isPlain) &&
          paths.every((path) => !/^--(?:checksum|unpack|keep-git)/.test(path))
        );
      }),
    bad: `${base}ADD orders.csv /srv/\n`,
    good: `${base}COPY orders.csv /srv/\n`,
  },
  {
    id: "changed-folder",
    severity: "minor",
    title: "The folder is forgotten at the end of the line",
    why: "Each RUN begins in WORKDIR. Set that, or join the commands with `&&`.",
    source: `${hadolint}3003`,
    find: runs(/^\s*cd\s+[^;&|]+$/),
    bad: `${base}RUN cd /srv/shop\n`,
    good: `${base}WORKDIR /srv/shop\n`,
  },
  {
    id: "relative-folder",
    severity: "minor",
    title: "Depends on the base image's folder",
    why: "A relative WORKDIR is inside of the folder that was set before, which the base image may change. Begin it with `/`.",
    source: `${hadolint}3000`,
    find: (file) => {
      let isSet = false;
      return file.getInstructions().filter((each) => {
        if (each.getKeyword() === "FROM") isSet = false;
        if (each.getKeyword() !== "WORKDIR") return false;
        const path = each.getRawArgumentsContent() ?? "";
        const isRelative = /^[\w.-]/.test(path) && !/^[A-Za-z]:/.test(path);
        const isBad = isRelative && !isSet;
        isSet = true;
        return isBad;
      });
    },
    bad: `${base}WORKDIR shop\n`,
    good: `${base}WORKDIR /srv/shop\n`,
  },
  {
    id: "sudo",
    severity: "minor",
    title: "The build is root already",
    why: "RUN is root unless USER says otherwise: sudo only brings its own surprises with signals and terminals. To become another user, set USER.",
    source: `${hadolint}3004`,
    find: (file) => {
      let isRoot = true;
      return file.getInstructions().filter((each) => {
        if (each.getKeyword() === "FROM") isRoot = true;
        if (each.getKeyword() === "USER") isRoot = /^(?:root|0)\b/.test(each.getRawArgumentsContent() ?? "");
        return (
          isRoot && each.getKeyword() === "RUN" && /(?:^|[;&|]\s*)sudo\s+(?!-u|--user|adduser)/.test(scriptOf(each))
        );
      });
    },
    bad: `${base}RUN sudo make install\n`,
    good: `${base}RUN make install\n`,
  },
  {
    id: "writable-by-all",
    severity: "minor",
    title: "Any process in the container may change it",
    why: "777 lets every user and every broken service write. Give the owner, or a group, what it needs.",
    source: "https://rules.sonarsource.com/docker/RSPEC-2612/",
    find: runs(/\bchmod\s+(?:-\w+\s+)*0?777\s/, /chmod\s+(?:-\w+\s+)*0?777\s+\/(?:var\/)?tmp\b/),
    bad: `${base}RUN chmod -R 777 /srv/shop\n`,
    good: `${base}RUN chmod -R u+rwX /srv/shop\n`,
  },
  {
    id: "secret-in-image",
    severity: "major",
    confidence: "medium",
    title: "Whoever has the image can read it",
    why: "Values of ENV are stored in the image. Mount it as a secret for the build, or set it when the container starts.",
    source: "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
    find: (file) =>
      named(file, "ENV").filter((env) =>
        /(?:^|\s)\w*(?:PASSWORD|SECRET|API_?KEY|ACCESS_?TOKEN|PRIVATE_?KEY)[=\s]\s*["']?(?!\$|["'\s]|true\b|false\b|\/|$)\S{4,}/i.test(
          env.getRawArgumentsContent() ?? "",
        ),
      ),
    bad: `${base}ENV DB_PASSWORD=changeit\n`,
    good: `${base}RUN --mount=type=secret,id=db make\n`,
  },
];
