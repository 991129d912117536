// 2/pi times powers of two, modulo 4 and in three parts: what adj_quadrant_f32 in
// elementary_f32_wide.h multiplies the 24-bit integer m of a float m 2^i with. The first two parts
// have at most 29 significant bits, so their product with m is exact.
#ifndef ADJOINT_ELEMENTARY_PI_TABLE_H
#define ADJOINT_ELEMENTARY_PI_TABLE_H

#define ADJ_TWO_OVER_PI_COUNT 105

static const double adj_two_over_pi_high[ADJ_TWO_OVER_PI_COUNT] = {
    0x1.45f306cp-1, 0x1.45f306ep+0, -0x1.7419f24p+0, 0x1.17cc1b8p+0, -0x1.d067c92p+0, 0x1.7cc1b7p-2,
    0x1.7cc1b74p-1, 0x1.7cc1b72p+0, -0x1.067c91cp+0, 0x1.f306dcap+0, -0x1.9f246cp-4, -0x1.9f246cp-3,
    -0x1.9f246c8p-2, -0x1.9f246c8p-1, -0x1.9f246c6p+0, 0x1.836e4e4p-1, 0x1.836e4e4p+0,
    -0x1.f246c7p-1, -0x1.f246c6ep+0, 0x1.b72722p-4, 0x1.b72722p-3, 0x1.b72722p-2, 0x1.b72722p-1,
    0x1.b72722p+0, -0x1.236377cp-1, -0x1.236377ep+0, 0x1.b939106p+0, -0x1.1b1bbecp-1,
    -0x1.1b1bbeap+0, 0x1.c9c882ap+0, -0x1.b1bbebp-2, -0x1.b1bbeacp-1, -0x1.b1bbeaep+0,
    0x1.391054cp-1, 0x1.391054ap+0, -0x1.8ddf56cp+0, 0x1.c882a54p-1, 0x1.c882a54p+0, -0x1.bbead6p-2,
    -0x1.bbead6p-1, -0x1.bbead6p+0, 0x1.1054a8p-1, 0x1.1054a8p+0, -0x1.df56b02p+0, 0x1.054a7fp-2,
    0x1.054a7fp-1, 0x1.054a7fp+0, -0x1.f56b01ep+0, 0x1.529fc2p-4, 0x1.529fc2p-3, 0x1.529fc28p-2,
    0x1.529fc28p-1, 0x1.529fc28p+0, -0x1.5ac07b2p+0, 0x1.4a7f09ep+0, -0x1.6b01ec6p+0,
    0x1.29fc276p+0, -0x1.ac07b16p+0, 0x1.4fe13acp-1, 0x1.4fe13acp+0, -0x1.603d8a8p+0, 0x1.3f84ebp+0,
    -0x1.80f62ap+0, 0x1.fc2757cp-1, 0x1.fc2757ep+0, -0x1.ec5418p-6, -0x1.ec5418p-5, -0x1.ec5418p-4,
    -0x1.ec5417p-3, -0x1.ec5417p-2, -0x1.ec5417p-1, -0x1.ec5417p+0, 0x1.3abe9p-3, 0x1.3abe8f8p-2,
    0x1.3abe8fcp-1, 0x1.3abe8fap+0, -0x1.8a82e0ap+0, 0x1.d5f47d4p-1, 0x1.d5f47d4p+0,
    -0x1.505c158p-2, -0x1.505c158p-1, -0x1.505c15ap+0, 0x1.5f47d4ep+0, -0x1.4170566p+0,
    0x1.7d1f534p+0, -0x1.05c1596p+0, 0x1.f47d4d4p+0, -0x1.70565ap-4, -0x1.705659p-3, -0x1.705659p-2,
    -0x1.705659p-1, -0x1.7056592p+0, 0x1.1f534dep+0, -0x1.c159644p+0, 0x1.f534dep-2, 0x1.f534ddcp-1,
    0x1.f534ddcp+0, -0x1.596448p-4, -0x1.596448p-3, -0x1.596448p-2, -0x1.596448p-1, -0x1.596447ep+0,
    0x1.4d37704p+0, -0x1.65911fap+0, 0x1.34ddc0ep+0,
};

static const double adj_two_over_pi_middle[ADJ_TWO_OVER_PI_COUNT] = {
    0x1.c9c882ap-29, -0x1.b1bbebp-31, -0x1.b1bbeacp-30, -0x1.b1bbeaep-29, 0x1.391054cp-30,
    0x1.391054ap-29, -0x1.8ddf56cp-29, 0x1.c882a54p-30, 0x1.c882a54p-29, -0x1.bbead6p-31,
    -0x1.bbead6p-30, -0x1.bbead6p-29, 0x1.1054a8p-30, 0x1.1054a8p-29, -0x1.df56b02p-29,
    0x1.054a7fp-31, 0x1.054a7fp-30, 0x1.054a7fp-29, -0x1.f56b01ep-29, 0x1.529fc2p-33,
    0x1.529fc2p-32, 0x1.529fc28p-31, 0x1.529fc28p-30, 0x1.529fc28p-29, -0x1.5ac07b2p-29,
    0x1.4a7f09ep-29, -0x1.6b01ec6p-29, 0x1.29fc276p-29, -0x1.ac07b16p-29, 0x1.4fe13acp-30,
    0x1.4fe13acp-29, -0x1.603d8a8p-29, 0x1.3f84ebp-29, -0x1.80f62ap-29, 0x1.fc2757cp-30,
    0x1.fc2757ep-29, -0x1.ec5418p-35, -0x1.ec5418p-34, -0x1.ec5418p-33, -0x1.ec5417p-32,
    -0x1.ec5417p-31, -0x1.ec5417p-30, -0x1.ec5417p-29, 0x1.3abe9p-32, 0x1.3abe8f8p-31,
    0x1.3abe8fcp-30, 0x1.3abe8fap-29, -0x1.8a82e0ap-29, 0x1.d5f47d4p-30, 0x1.d5f47d4p-29,
    -0x1.505c158p-31, -0x1.505c158p-30, -0x1.505c15ap-29, 0x1.5f47d4ep-29, -0x1.4170566p-29,
    0x1.7d1f534p-29, -0x1.05c1596p-29, 0x1.f47d4d4p-29, -0x1.70565ap-33, -0x1.705659p-32,
    -0x1.705659p-31, -0x1.705659p-30, -0x1.7056592p-29, 0x1.1f534dep-29, -0x1.c159644p-29,
    0x1.f534dep-31, 0x1.f534ddcp-30, 0x1.f534ddcp-29, -0x1.596448p-33, -0x1.596448p-32,
    -0x1.596448p-31, -0x1.596448p-30, -0x1.596447ep-29, 0x1.4d37704p-29, -0x1.65911fap-29,
    0x1.34ddc0ep-29, -0x1.96447e4p-29, 0x1.a6ee06cp-30, 0x1.a6ee06ep-29, -0x1.6447e48p-30,
    -0x1.6447e4ap-29, 0x1.377036ep-29, -0x1.911f924p-29, 0x1.bb81b6cp-30, 0x1.bb81b6cp-29,
    -0x1.11f925p-30, -0x1.11f924ep-29, 0x1.dc0db62p-29, -0x1.1f924e8p-31, -0x1.1f924ecp-30,
    -0x1.1f924ecp-29, 0x1.c0db62ap-29, -0x1.f924eb8p-31, -0x1.f924eb4p-30, -0x1.f924eb6p-29,
    0x1.b6c52cp-34, 0x1.b6c52cp-33, 0x1.b6c52bp-32, 0x1.b6c52bp-31, 0x1.b6c52b4p-30,
    0x1.b6c52b4p-29, -0x1.24eb534p-30, -0x1.24eb534p-29, 0x1.b62959ap-29, -0x1.275a99cp-30,
};

static const double adj_two_over_pi_low[ADJ_TWO_OVER_PI_COUNT] = {
    0x1.4fe13abe8fa9ap-59, 0x1.4fe13abe8fa9ap-58, -0x1.603d8a82e0acbp-58, 0x1.3f84eafa3ea6ap-58,
    -0x1.80f62a0b82b2dp-58, 0x1.fc2757d1f534ep-59, 0x1.fc2757d1f534ep-58, -0x1.ec54170565912p-64,
    -0x1.ec54170565912p-63, -0x1.ec54170565912p-62, -0x1.ec54170565912p-61, -0x1.ec54170565912p-60,
    -0x1.ec54170565912p-59, -0x1.ec54170565912p-58, 0x1.3abe8fa9a6eep-61, 0x1.3abe8fa9a6eep-60,
    0x1.3abe8fa9a6eep-59, 0x1.3abe8fa9a6eep-58, -0x1.8a82e0acb223fp-58, 0x1.d5f47d4d37703p-59,
    0x1.d5f47d4d37703p-58, -0x1.505c1596447e5p-60, -0x1.505c1596447e5p-59, -0x1.505c1596447e5p-58,
    0x1.5f47d4d377037p-58, -0x1.4170565911f92p-58, 0x1.7d1f534ddc0dbp-58, -0x1.05c1596447e49p-58,
    0x1.f47d4d377036ep-58, -0x1.70565911f924fp-62, -0x1.70565911f924fp-61, -0x1.70565911f924fp-60,
    -0x1.70565911f924fp-59, -0x1.70565911f924fp-58, 0x1.1f534ddc0db63p-58, -0x1.c1596447e493bp-58,
    0x1.f534ddc0db629p-60, 0x1.f534ddc0db629p-59, 0x1.f534ddc0db629p-58, -0x1.596447e493ad5p-62,
    -0x1.596447e493ad5p-61, -0x1.596447e493ad5p-60, -0x1.596447e493ad5p-59, -0x1.596447e493ad5p-58,
    0x1.4d377036d8a56p-58, -0x1.65911f924eb53p-58, 0x1.34ddc0db6295ap-58, -0x1.96447e493ad4dp-58,
    0x1.a6ee06db14acdp-59, 0x1.a6ee06db14acdp-58, -0x1.6447e493ad4cep-59, -0x1.6447e493ad4cep-58,
    0x1.377036d8a5665p-58, -0x1.911f924eb5336p-58, 0x1.bb81b6c52b328p-59, 0x1.bb81b6c52b328p-58,
    -0x1.11f924eb53362p-59, -0x1.11f924eb53362p-58, 0x1.dc0db6295993cp-58, -0x1.1f924eb53361ep-60,
    -0x1.1f924eb53361ep-59, -0x1.1f924eb53361ep-58, 0x1.c0db6295993c4p-58, -0x1.f924eb53361dep-60,
    -0x1.f924eb53361dep-59, -0x1.f924eb53361dep-58, 0x1.b6c52b3278872p-63, 0x1.b6c52b3278872p-62,
    0x1.b6c52b3278872p-61, 0x1.b6c52b3278872p-60, 0x1.b6c52b3278872p-59, 0x1.b6c52b3278872p-58,
    -0x1.24eb53361de38p-59, -0x1.24eb53361de38p-58, 0x1.b6295993c439p-58, -0x1.275a99b0ef1bfp-59,
    -0x1.275a99b0ef1bfp-58, 0x1.b14acc9e21c82p-58, -0x1.3ad4cd8778df8p-59, -0x1.3ad4cd8778df8p-58,
    0x1.8a5664f10e41p-58, -0x1.d6a66c3bc6fbep-59, -0x1.d6a66c3bc6fbep-58, 0x1.4acc9e21c821p-60,
    0x1.4acc9e21c821p-59, 0x1.4acc9e21c821p-58, -0x1.6a66c3bc6fbep-58, 0x1.2b3278872084p-58,
    -0x1.a99b0ef1bef8p-58, 0x1.5993c439041fep-59, 0x1.5993c439041fep-58, -0x1.4cd8778df7c03p-58,
    0x1.664f10e4107f9p-58, -0x1.3361de37df00dp-58, 0x1.993c439041fe5p-58, -0x1.9b0ef1bef806cp-59,
    -0x1.9b0ef1bef806cp-58, 0x1.93c439041fe51p-59, 0x1.93c439041fe51p-58, -0x1.b0ef1bef806bap-59,
    -0x1.b0ef1bef806bap-58, 0x1.3c439041fe516p-59, 0x1.3c439041fe516p-58, -0x1.8778df7c035d4p-58,
    0x1.e21c820ff28b2p-59,
};

#endif
