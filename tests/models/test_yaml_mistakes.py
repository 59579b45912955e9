"""Every mistake in a description gets one sentence: the layer, what was given and expected, a remedy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.models import describe_network, read_network
from tests.models.refusals import IMAGE, VALID, refused
from tests.reference.refusals import assert_one_sentence


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (
            "convv: {maps: 3, kernel: 3}",
            r"layer 2 \(convv\): there is no such kind of layer; did you mean conv ",
        ),
        ("Conv2d: {maps: 3, kernel: 3}", r"\(Conv2d\).* did you mean conv "),
        ("maxpool: 2", "did you mean max_pool "),
        ("linear: 3", "did you mean dense "),
        ("sigmoid", "did you mean activation: logistic "),
        ("qqq: 3", r"give one that is known \(the known ones are conv, max_pool, .* batch_norm\)"),
        (
            "conv: {maps: 3}",
            r"layer 2 \(conv\): the option kernel is missing; write `- conv: {maps: 10, kernel: 5}`",
        ),
        ("conv: 3", r"the option kernel is missing"),
        ("conv:", r"the option maps is missing"),
        ("dense", r"layer 2 \(dense\): the option units is missing; write `- dense: 20`"),
        ("activation", r"the option function is missing; write `- activation: tanh`"),
        (
            "conv: {maps: 3, kernal: 3}",
            r"layer 2 \(conv\): 'kernal' is no option of it; did you mean kernel ",
        ),
        ("max_pool: {size: 2, colour: 3}", r"'colour' is no option of it; .* size, stride, padding, name"),
        ("flatten: 3", r"layer 2 \(flatten\): 3 is given but it has no options; write `- flatten`"),
        ("flatten: {size: 3}", r"layer 2 \(flatten\): 'size' is no option of it; .*name"),
        (
            "conv: {maps: 0, kernel: 3}",
            r"layer 2 \(conv\): maps=0 but a number from 1 to 1,000,000 is expected",
        ),
        ("conv: {maps: -2, kernel: 3}", "maps=-2 but a number from 1"),
        ("conv: {maps: 2, kernel: [3, 0]}", "kernel=0 but a number from 1"),
        ("conv: {maps: 2, kernel: 3, padding: -1}", "padding=-1 but a number from 0"),
        ("conv: {maps: 2000000, kernel: 3}", "maps=2000000 but a number from 1 to 1,000,000"),
        ("conv: {maps: 2, kernel: []}", "kernel has 0 entries but maps have one to three axes"),
        ("conv: {maps: 2, kernel: [1, 2, 3, 4]}", "kernel has 4 entries but"),
        ("conv: {maps: 2, kernel: [3, 3, 3]}", r"layer 2 \(conv\): .*has 3 entries but the input has 2 axes"),
        (
            "conv: {maps: 2, kernel: 29}",
            r"layer 2 \(conv\): the kernel covers 29 inputs but .* 28 .*smaller kernel",
        ),
        ("max_pool: 29", r"layer 2 \(max_pool\): the kernel covers 29 inputs"),
        ("average_pool: 29", r"layer 2 \(average_pool\): the kernel covers 29 inputs"),
        ("max_pool: {size: 2, padding: 2}", r"layer 2 \(max_pool\): padding=2 but .* at most 1"),
        ("conv: {maps: 2, kernel: 3, padding: full}", "padding='full' but a word must be same or valid"),
        ("conv: {maps: 2, kernel: 3, padding: same, stride: 2}", r'padding="same" .* only at stride 1'),
        ("conv: {maps: 3, kernel: 3, groups: 2}", r"layer 2 \(conv\): groups=2 do not divide maps=3"),
        ("conv: {maps: 4, kernel: 3, groups: 2}", r"layer 2 \(conv\): groups=2 do not divide in_channels=1"),
        (
            "dense: 3",
            r"layer 2 \(dense\): its input has shape \(1, 28, 28\) but .* put `- flatten` before it",
        ),
        ("maxout: 2", r"layer 2 \(maxout\): pieces=2 do not divide the 1 channels"),
        ("maxout: 1", "pieces=1 but a number from 2"),
        ("dropout: 1", r"layer 2 \(dropout\): rate=1 but a number from 0 up to less than 1"),
        ("dropout: -0.5", "rate=-0.5 but"),
        ("batch_norm: {momentum: 0}", "momentum=0 but a number above 0 and at most 1"),
        ("batch_norm: {epsilon: 1.5}", "epsilon=1.5 but"),
        ("activation: tahn", r"layer 2 \(activation\): function='tahn' .*did you mean tanh "),
        ("activation: sigmoid", "function='sigmoid' .*did you mean logistic "),
        ("flatten: {name: forward}", r"layer 2 \(flatten\): name='forward' cannot be the name of a layer"),
        ("flatten: {name: a.b}", "name='a.b' cannot"),
        ("flatten: {name: true}", "name=True cannot"),
        ("flatten: {name: 3}", "name=3 cannot"),
        (
            "dropout: {rate: 0.5, name: first}",
            r"layer 2 \(dropout\): an earlier layer has the name first as well",
        ),
        ("conv: {maps: 2, kernel: 3}\n    stride: 2", r"layer 2 has 2 keys \(conv, stride\) but one kind"),
        ("{}", r"layer 2 has 0 keys \(\) but one kind"),
    ],
)
def test_a_wrong_layer_is_named_with_what_it_was_given(layer, sentence):
    refused(f"{IMAGE}  - activation: {{function: relu, name: first}}\n  - {layer}\n", ValueError, sentence)


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        ("conv: {maps: 2, kernel: '3'}", r"layer 1 \(conv\): kernel='3' but a whole number .*without quotes"),
        ("conv: {maps: true, kernel: 3}", "maps=True but a whole number"),
        ("conv: {maps: 2, kernel: [3, yes]}", "kernel=True but a whole number"),
        ("conv: {maps: 2, kernel: 3.0}", "kernel=3.0 but a whole number"),
        ("conv: {maps: , kernel: 3}", "maps=None but a whole number"),
        ("conv: [2, 3]", r"maps=\[2, 3\] but a whole number"),
        ("conv: {maps: 2, kernel: {size: 3}}", "kernel={'size': 3} but a whole number"),
        ("conv: {maps: 2, kernel: 3, bias: 1}", "bias=1 but true or false is expected"),
        ("conv: {maps: 2, kernel: 3, bias: 'no'}", "bias='no' but true or false"),
        ("dropout: true", "rate=True but a number is expected"),
        ("dropout: 1e-1", r"rate='1e-1' but a number is expected; write it as 0.5 or 1.0e-5"),
        ("batch_norm: [0.1]", r"momentum=\[0.1\] but a number"),
        ("activation: 3", "function=3 but the name of a function"),
        ("activation: [tanh]", r"function=\['tanh'\] but the name of a function"),
        ("[conv, 3]", r"layer 1 is \['conv', 3\] but a kind of layer with its options is expected"),
        ("", "layer 1 is None but a kind of layer"),
        ("3", "layer 1 is 3 but a kind of layer"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(layer, sentence):
    refused(f"{IMAGE}  - {layer}\n", TypeError, sentence)


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("", ValueError, r"the text is empty; write input: \[1, 28, 28\]"),
        ("# only this\n", ValueError, "the text is empty"),
        ("- dense: 3\n", TypeError, "but a mapping with input and layers is expected"),
        (
            "network.json",
            TypeError,
            "'network.json' but a mapping .* end the name of a file in .yaml or .yml",
        ),
        ("layers:\n  - flatten\n", ValueError, "the shape of the input is missing; write input"),
        ("input:\nlayers:\n  - flatten\n", ValueError, "the shape of the input is missing"),
        ("input: 3\n", ValueError, "the network has no layers; write layers: and below it"),
        ("input: 3\nlayers:\n", ValueError, "the network has no layers"),
        ("input: 3\nlayers: []\n", ValueError, "the network has no layers; give at least one"),
        ("input: 3\nlayers: {dense: 3}\n", TypeError, "layers is {'dense': 3} but a list is expected"),
        ("input: 3\nlayers: dense\n", TypeError, "layers is 'dense' but a list is expected"),
        ("input: 3\nlayer: [flatten]\n", ValueError, "the text has the key 'layer'; did you mean layers "),
        ("input: 0\nlayers: [flatten]\n", ValueError, "input=0 but a number from 1"),
        ("input: true\nlayers: [flatten]\n", TypeError, "input=True but a whole number"),
        ("input: []\nlayers: [flatten]\n", ValueError, "input has 0 sizes but one to four"),
        ("input: [1, 2, 3, 4, 5]\nlayers: [flatten]\n", ValueError, "input has 5 sizes but one to four"),
        ("input: [1, a]\nlayers: [flatten]\n", TypeError, "a size of input='a' but"),
        ("input: [1, -4]\nlayers: [flatten]\n", ValueError, "a size of input=-4 but"),
        ("input: {channels: 1}\nlayers: [flatten]\n", TypeError, "input={'channels': 1} but"),
        (
            IMAGE + "  - flatten\n  - max_pool: 2\n",
            ValueError,
            r"layer 2 \(max_pool\): its input is a row of 784",
        ),
        (
            "input: 1000000\nlayers:\n  - dense: 1000000\n",
            ValueError,
            r"layer 1 \(dense\): it would have 1,000,001,000,000 weights .* at most 1,000,000,000",
        ),
    ],
)
def test_a_wrong_document_is_refused(text, error, sentence):
    refused(text, error, sentence)


@pytest.mark.parametrize(
    ("rows", "error", "sentence"),
    [
        (
            [("dense", {"units": 3})],
            TypeError,
            "layer 1: .* is no row; give its name, its kind and its options",
        ),
        ([("", "dense", 3)], TypeError, "is no row"),
        ([("", 3, {})], TypeError, "is no row"),
        (
            [("", "dense", {"units": 1 << 20_000})],
            ValueError,
            "units=a number of 20001 bits but a number from 1",
        ),
        (
            [("", "dropout", {"rate": 1 << 20_000})],
            ValueError,
            "rate=a number of 20001 bits but a number from 0",
        ),
        ([("", "dropout", {"rate": float("nan")})], ValueError, "rate=nan but a number from 0"),
    ],
)
def test_rows_in_python_are_checked_as_well(rows, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        describe_network(4, rows)
    assert_one_sentence(caught)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_text_with_slips_is_read_or_refused_in_one_line(data):
    text = VALID
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 3)))
        text = (
            text[:start]
            + data.draw(st.text("input:layers[]{}-\n 0123#&*!'\"|>%@`,?\t", max_size=3))
            + text[end:]
        )
    said = ""
    try:
        read_network(text)
    except (TypeError, ValueError) as error:
        said = str(error)
    assert "\n" not in said
    assert not said or "; " in said
