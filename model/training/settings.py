"""What a training run is made with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What a run is made with; each is a flag of the same name."""

    steps: int = 65_500
    batch: int = 64
    learning_rate: float = 1e-3
    warmup: int = 400
    cooldown: int = 0
    weight_decay: float = 0.02
    averaging_power: int = 8
    validate_every: int = 250
    seed: int = 1
    leave_out: str = ""

    def __post_init__(self):
        if min(self.steps, self.batch, self.validate_every) < 1:
            raise ValueError(
                "--steps, --batch and --validate-every must be at least 1; give larger numbers."
            )
        if min(self.warmup, self.cooldown, self.averaging_power, self.seed) < 0:
            raise ValueError(
                "--warmup, --cooldown, --averaging-power and --seed must not be negative; give "
                "larger numbers."
            )


HELP = {
    "steps": "optimizer steps in all",
    "batch": "pictures a step",
    "learning_rate": "peak learning rate of AdamW",
    "warmup": "steps in which the learning rate rises from zero",
    "cooldown": "final steps, in which the learning rate falls to zero",
    "weight_decay": "of AdamW, on convolution and dense kernels",
    "averaging_power": "p: the weights of step k count as k to the power p in the average",
    "validate_every": "steps between two validations and checkpoints",
    "seed": "of weights and pictures",
    "leave_out": "name of a collection not to train on; its other splits validate",
}


def learning_rate(step: int, settings: Settings) -> float:
    """The trapezoid: up over `warmup` steps, level, down over the last `cooldown` steps."""
    up = (step + 1) / max(settings.warmup, 1)
    down = (settings.steps - step) / max(settings.cooldown, 1)
    return settings.learning_rate * min(1.0, up, down)
