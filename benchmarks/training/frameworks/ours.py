"""The course's own package: resident data, and the history of loss and accuracy that it always keeps."""

from benchmarks.training.task import Task
from benchmarks.training.watch import Watch, asking
from course_utils.training import Batches, Hardware
from course_utils.training import train as train_network


def train(task: Task, watch: Watch) -> None:
    settings, options = task.settings, task.options
    network = task.network()
    optimizer = task.optimizer(network)
    hardware = Hardware(
        device=settings.device,
        precision=options.precision,
        compile=options.compile,
        channels_last=options.channels_last,
    )
    batches = Batches(task.images, task.labels, batch_size=settings.batch)
    watch.start(asking(network))
    optimizer.register_step_post_hook(lambda *_: watch.step())
    train_network(  # no progress bar, as for the others
        network,
        optimizer,
        batches,
        epochs=settings.epochs,
        hardware=hardware,
        seed=settings.seed,
        progress=False,
    )
