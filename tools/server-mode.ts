/** How the suites against real servers get them: as programs of this machine, or as containers of official images. */

export type ServerMode = "native" | "docker";

const SETTING = "KADUN_TEST_SERVERS";

/** `KADUN_TEST_SERVERS`: native, docker, or auto (the default), which is docker where an engine answers. */
export async function serverMode(hasEngine: () => Promise<boolean> = engineAnswers): Promise<ServerMode> {
  const wanted = process.env[SETTING] || "auto";
  switch (wanted) {
    case "native":
      return "native";
    case "docker":
      if (!(await hasEngine()))
        throw new Error(
          `${SETTING}=docker, but no Docker engine answers: start it, or set ${SETTING}=native`,
        );
      return "docker";
    case "auto":
      return (await hasEngine()) ? "docker" : "native";
    default:
      throw new Error(`${SETTING}=${wanted}: expected native, docker or auto`);
  }
}

/** Loaded only when it is asked: it is a package of the development. */
async function engineAnswers(): Promise<boolean> {
  const { getContainerRuntimeClient } = await import("testcontainers");
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}
