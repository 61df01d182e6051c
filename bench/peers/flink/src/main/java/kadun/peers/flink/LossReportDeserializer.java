package kadun.peers.flink;

import java.nio.charset.StandardCharsets;
import kadun.peers.swipe5.Json;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Loss reports of the topic of card states. */
final class LossReportDeserializer implements KafkaRecordDeserializationSchema<LossReport> {
    private static final long serialVersionUID = 1;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<LossReport> out) {
        String psnNo = new String(message.key(), StandardCharsets.UTF_8);
        out.collect(new LossReport(psnNo, Json.isLost(message.value())));
    }

    @Override
    public TypeInformation<LossReport> getProducedType() {
        return TypeInformation.of(LossReport.class);
    }
}
