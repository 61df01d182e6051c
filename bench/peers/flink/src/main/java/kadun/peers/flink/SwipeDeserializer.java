package kadun.peers.flink;

import kadun.peers.swipe5.Json;
import kadun.peers.swipe5.Swipe;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Swipes of their topic. */
final class SwipeDeserializer implements KafkaRecordDeserializationSchema<Swipe> {
    private static final long serialVersionUID = 1;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<Swipe> out) {
        out.collect(Json.readSwipe(message.value()));
    }

    @Override
    public TypeInformation<Swipe> getProducedType() {
        return TypeInformation.of(Swipe.class);
    }
}
