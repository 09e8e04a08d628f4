"""The networks of the course: one network a file, one constructor each.

Every constructor checks its arguments and returns a `torch.nn.Module` that refuses
input it cannot take with one clear `ValueError`. ReLUs are never in place: what a hook
reads after a convolution is the convolution.
"""

from coursekit.models.alexnet import alexnet, alexnet_2012, alexnet_small
from coursekit.models.capsnet import CapsNet, capsnet, margin_loss, route, squash
from coursekit.models.capsnet_baseline import capsnet_baseline
from coursekit.models.cifar_resnet import cifar_plain, cifar_resnet
from coursekit.models.densenet import cifar_densenet, densenet
from coursekit.models.dqn import dqn
from coursekit.models.fast_cifar import fast_cifar
from coursekit.models.go_policy import go_policy
from coursekit.models.googlenet import GoogLeNetOutput, googlenet, googlenet_2014
from coursekit.models.lenet import lenet5, lenet5_1998
from coursekit.models.mlp import MLP
from coursekit.models.nin import nin_cifar, nin_imagenet
from coursekit.models.resnet import resnet
from coursekit.models.small_cnn import SmallCNN
from coursekit.models.text_cnn import TextCNN, text_cnn
from coursekit.models.unet import unet
from coursekit.models.vgg import vgg

__all__ = [
    "MLP",
    "CapsNet",
    "GoogLeNetOutput",
    "SmallCNN",
    "TextCNN",
    "alexnet",
    "alexnet_2012",
    "alexnet_small",
    "capsnet",
    "capsnet_baseline",
    "cifar_densenet",
    "cifar_plain",
    "cifar_resnet",
    "densenet",
    "dqn",
    "fast_cifar",
    "go_policy",
    "googlenet",
    "googlenet_2014",
    "lenet5",
    "lenet5_1998",
    "margin_loss",
    "nin_cifar",
    "nin_imagenet",
    "resnet",
    "route",
    "squash",
    "text_cnn",
    "unet",
    "vgg",
]
