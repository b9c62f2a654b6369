"""Keeps units from firing on everything: a hub unit says nothing."""

import torch

MOMENTUM = 0.97
# The largest share of photographs, drawings and written words on which a unit may fire anywhere, and of texts.
CEILING = torch.tensor([0.10, 0.18, 0.18])
TEXT_CEILING = 0.18
# The least share of any of the three that leaves a unit alive.
FLOOR = 0.012
TEXT_FLOOR = 0.01
GAIN = 0.3


class Homeostasis:
    """Leads each unit's bias so that the share of pictures it fires on stays in a band, of each kind by itself."""

    def __init__(self, units: int, new: int, kept=None):
        self.rates, self.text_rates, self.size, self.text_size = kept or (
            torch.full((3, units), 0.08),
            torch.full((new,), 0.08),
            torch.ones(units),
            torch.ones(new),
        )

    def state(self):
        return self.rates, self.text_rates, self.size, self.text_size

    @torch.no_grad()
    def lead(self, read, project, maps, wanted, kinds):
        """`maps` [N,P,units]; `wanted` [N,new units]; `kinds` [N]: 0 photographs, 1 drawings and mixtures, 2 words."""
        fires = (maps > 0).any(1).float()
        for kind in range(3):
            rows = kinds == kind
            if rows.any():
                self.rates[kind].lerp_(fires[rows].mean(0), 1 - MOMENTUM)
        self.text_rates.lerp_((wanted > 0).float().mean(0), 1 - MOMENTUM)
        self.size.lerp_(maps.std((0, 1)), 1 - MOMENTUM)
        self.text_size.lerp_(wanted.std(0), 1 - MOMENTUM)
        over = (self.rates - CEILING[:, None]).clamp(min=0).amax(0)
        under = (FLOOR - self.rates.amax(0)).clamp(min=0)
        read.bias += GAIN * self.size * (under * 2 - over).clamp(-0.07, 0.07)
        over = (self.text_rates - TEXT_CEILING).clamp(min=0)
        under = (TEXT_FLOOR - self.text_rates).clamp(min=0)
        project.bias += GAIN * self.text_size.clamp(min=0.05) * (under * 2 - over).clamp(-0.07, 0.07)
