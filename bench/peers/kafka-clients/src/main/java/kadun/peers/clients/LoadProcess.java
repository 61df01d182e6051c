package kadun.peers.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Generator and observer of the paced loads by Kafka's own producer and consumer: `BROKERS`. It is told one
 * thing a line on its standard input, and answers with a line:
 *
 * <ul>
 *   <li>`open INPUT OUTPUT` → `opened`: where the next loads go, and where they are observed;
 *   <li>`prepare FILE` → `prepared`: reads a load ({@link LoadFile});
 *   <li>`go START_MS PATIENCE_MS TIMES_FILE` → `done`: sends it when due, and writes when each was sent and received;
 *   <li>`rest` → `resting`: follows nothing until it is opened again.
 * </ul>
 *
 * Ends with its input, or with status 1 and what went wrong on standard error.
 */
public final class LoadProcess {
    private static final int BATCH_BYTES = 65_536;
    /** The least: topics of engines before, which are gone, are to be forgotten, not asked for again and again. */
    private static final int FORGET_TOPIC_MS = 5_000;

    private final Producer<String, byte[]> producer;
    private final Observer observer;
    private String topic;
    private LoadRun run;

    private LoadProcess(String brokers) {
        producer = producer(brokers);
        observer = new Observer(brokers);
    }

    public static void main(String[] args) {
        try {
            LoadProcess process = new LoadProcess(args[0]);
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                System.out.println(process.answer(line.split(" ")));
                System.out.flush();
            }
        } catch (Exception error) {
            fail(error);
        }
        System.exit(0);
    }

    private String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "open" -> {
                topic = words[1];
                producer.partitionsFor(topic);
                observer.follow(words[2]);
                return "opened";
            }
            case "rest" -> {
                observer.rest();
                run = null;
                return "resting";
            }
            case "prepare" -> {
                run = new LoadRun(LoadFile.read(Path.of(words[1])));
                observer.tell(run);
                // What reading left is not to be collected while swipes are due.
                System.gc();
                return "prepared";
            }
            case "go" -> {
                run.run(producer, topic, Double.parseDouble(words[1]), Double.parseDouble(words[2]));
                run.writeTimes(Path.of(words[3]));
                return "done";
            }
            default -> throw new IOException("'" + words[0] + "': expected open, prepare, go or rest");
        }
    }

    private static Producer<String, byte[]> producer(String brokers) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, FORGET_TOPIC_MS);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    static void fail(Throwable error) {
        error.printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}
