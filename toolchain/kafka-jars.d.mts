/** Where the jars of toolchain/kafka/pom.xml are kept. */
export const kafkaJarsDir: string

/** A Java class path of all of them, quoted for nothing: give it to `java -cp` as one argument. */
export const kafkaClassPath: string

/**
 * Fetches Apache Kafka's jars with Maven, once for each version of the pom (53 files, 45 MB). Safe
 * when several processes do it at once. Rejects with Maven's own words when it fails.
 * @param say told what is being done, only when something has to be done
 */
export function fetchKafkaJars(say?: (line: string) => void): Promise<void>
